import type { Kysely } from 'kysely';
import type { BareTables } from './migrations.ts';

/**
 * Keys that playback tokens are signed with, the tokens that were made and have not expired, and those of anybody
 * that were taken back. No token is kept, only what it says.
 */
export async function createPlaybackTokens(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('playbackKeys')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('publicJwk', 'text', (column) => column.notNull())
    .addColumn('privateJwk', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('retiredAt', 'text')
    .execute();
  await db.schema
    .createTable('playbackTokens')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('thingId', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('sites', 'text')
    .addColumn('createdBy', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('playbackRevocations')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('expiresAt', 'text', (column) => column.notNull())
    .execute();
  for (const [table, ...columns] of [
    ['playbackTokens', 'createdAt', 'id'],
    ['playbackTokens', 'expiresAt'],
    ['playbackRevocations', 'expiresAt'],
  ] as const) {
    const name = [table, ...columns].join('_');
    await db.schema.createIndex(name).on(table).columns(columns).execute();
  }
}
