import type { Kysely } from 'kysely';
import type { BareTables } from './migrations.ts';

/**
 * What is being put into the library. `place` names the folder with the bytes: servers that share a database need
 * not share a disk. An upload goes with its Asset; a file of the watched folder is remembered, so that what was
 * deleted here does not come back.
 */
export async function createIncoming(db: Kysely<BareTables>): Promise<void> {
  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('assetId', 'text', (column) =>
      column.notNull().unique().references('assets.id').onDelete('cascade'),
    )
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('bytes', 'double precision', (column) => column.notNull())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('activeAt', 'text', (column) => column.notNull())
    .addColumn('receivedAt', 'text')
    .execute();
  await db.schema
    .createIndex('uploads_place_activeAt')
    .on('uploads')
    .columns(['place', 'activeAt'])
    .execute();
  await db.schema
    .createTable('watchedFiles')
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('bytes', 'double precision', (column) => column.notNull())
    .addColumn('modifiedMs', 'double precision', (column) => column.notNull())
    .addColumn('assetId', 'text', (column) => column.references('assets.id').onDelete('set null'))
    .addPrimaryKeyConstraint('watchedFiles_pk', ['place', 'path'])
    .execute();
  await db.schema
    .createIndex('watchedFiles_assetId')
    .on('watchedFiles')
    .columns(['assetId'])
    .execute();
}
