import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { BareTables } from './migrations.ts';

/** Roles, invitations, logins that can be listed, tokens that end, sign-in elsewhere, and what was done by whom. */
export async function createPeople(db: Kysely<BareTables>): Promise<void> {
  await extendAccounts(db);
  await extendSessions(db);
  await extendApiTokens(db);
  await createInvitations(db);
  await createSignIns(db);
  await createAudit(db);
}

/** Until now there were administrators only. */
async function extendAccounts(db: Kysely<BareTables>): Promise<void> {
  const table = db.schema.alterTable('accounts');
  await table
    .addColumn('role', 'text', (column) => column.notNull().defaultTo('administrator'))
    .execute();
  for (const name of ['disabledAt', 'lastSeenAt', 'issuer', 'subject']) {
    await table.addColumn(name, 'text').execute();
  }
  await db.schema
    .createIndex('accounts_issuer_subject')
    .on('accounts')
    .columns(['issuer', 'subject'])
    .unique()
    .execute();
}

/** Those that there are get names of their own, and nobody is logged out. */
async function extendSessions(db: Kysely<BareTables>): Promise<void> {
  const table = db.schema.alterTable('sessions');
  await table.addColumn('id', 'text', (column) => column.notNull().defaultTo('')).execute();
  await table.addColumn('address', 'text').execute();
  await table.addColumn('userAgent', 'text').execute();
  const { rows } = await sql<{ tokenHash: string }>`
    select ${sql.ref('tokenHash')} from ${sql.table('sessions')}`.execute(db);
  for (const { tokenHash } of rows) {
    await sql`update ${sql.table('sessions')} set ${sql.ref('id')} = ${randomUUID()}
      where ${sql.ref('tokenHash')} = ${tokenHash}`.execute(db);
  }
  await db.schema.createIndex('sessions_id').on('sessions').columns(['id']).unique().execute();
  await db.schema.createIndex('sessions_accountId').on('sessions').columns(['accountId']).execute();
}

async function extendApiTokens(db: Kysely<BareTables>): Promise<void> {
  const table = db.schema.alterTable('apiTokens');
  await table
    .addColumn('accountId', 'text', (column) =>
      column.references('accounts.id').onDelete('cascade'),
    )
    .execute();
  await table.addColumn('expiresAt', 'text').execute();
  await table.addColumn('lastUsedAt', 'text').execute();
  await db.schema
    .createIndex('apiTokens_accountId')
    .on('apiTokens')
    .columns(['accountId'])
    .execute();
}

/** `accountId`: of whoever invites; with them it ends. */
async function createInvitations(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('invitations')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('tokenHash', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('accountId', 'text', (column) =>
      column.references('accounts.id').onDelete('cascade'),
    )
    .addColumn('createdBy', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'text', (column) => column.notNull())
    .execute();
}

/** Sign-ins elsewhere that were begun and are not finished. */
async function createSignIns(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('signIns')
    .addColumn('secretHash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('returnTo', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
}

/** No references: what was done stays when whoever did it is gone. */
async function createAudit(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('auditEntries')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('address', 'text')
    .addColumn('target', 'text')
    .addColumn('details', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('auditEntries_at_id')
    .on('auditEntries')
    .columns(['at', 'id'])
    .execute();
}
