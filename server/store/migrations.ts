import type { Kysely } from 'kysely';
import { createIncoming } from './incoming-migration.ts';
import { createLibrary } from './library-migration.ts';
import type { DatabaseKind } from './migrate.ts';
import { createRules } from './rules-migration.ts';
import { createPlaybackTokens } from './playback-token-migration.ts';
import { createPeople } from './people-migration.ts';

/** A database of which nothing is known but what was done to it. */
export type BareTables = { migrations: { name: string; appliedAt: string } };

/**
 * One step of the database's form. It is never changed once released, and uses no types of today's tables.
 * Columns are in camelCase, which PostgreSQL keeps because kysely quotes every name.
 */
export interface Migration {
  name: string;
  up: (db: Kysely<BareTables>, kind: DatabaseKind) => Promise<void>;
}

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-channels', up: createChannels },
  { name: '0002-access', up: createAccess },
  { name: '0003-library', up: createLibrary },
  { name: '0004-playlists', up: createPlaylists },
  { name: '0005-incoming', up: createIncoming },
  { name: '0006-watch-positions', up: createWatchPositions },
  { name: '0007-rules', up: createRules },
  { name: '0008-people', up: createPeople },
  { name: '0009-playback-tokens', up: createPlaybackTokens },
];

async function createChannels(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('channels')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('graceSeconds', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('streamKeys')
    .addColumn('channelId', 'text', (column) =>
      column.primaryKey().notNull().references('channels.id').onDelete('cascade'),
    )
    .addColumn('keyHash', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
}

async function createPlaylists(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('playlists')
    .addColumn('channelId', 'text', (column) =>
      column.primaryKey().notNull().references('channels.id').onDelete('cascade'),
    )
    .addColumn('playlist', 'text', (column) => column.notNull())
    .addColumn('onBehalfOf', 'text', (column) => column.notNull())
    .addColumn('updatedAt', 'text', (column) => column.notNull())
    .execute();
}

/** How far persons have come: gone with the account, and with the Asset. */
async function createWatchPositions(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('watchPositions')
    .addColumn('accountId', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('assetId', 'text', (column) =>
      column.notNull().references('assets.id').onDelete('cascade'),
    )
    .addColumn('seconds', 'double precision', (column) => column.notNull())
    .addColumn('updatedAt', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('watchPositions_pk', ['accountId', 'assetId'])
    .execute();
  for (const columns of [['accountId', 'updatedAt'], ['assetId']]) {
    const name = ['watchPositions', ...columns].join('_');
    await db.schema.createIndex(name).on('watchPositions').columns(columns).execute();
  }
}

async function createAccess(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('passwordHash', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('tokenHash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('accountId', 'text', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('lastUsedAt', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('apiTokens')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('tokenHash', 'text', (column) => column.notNull().unique())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('setupTokens')
    .addColumn('tokenHash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
}
