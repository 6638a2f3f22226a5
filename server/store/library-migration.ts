import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { DatabaseKind } from './migrate.ts';
import type { BareTables } from './migrations.ts';

type Db = Kysely<BareTables>;

/**
 * The library. `seq` counts Assets in the order in which they came: lists are ordered and paged by it. Numbers
 * that 32 bits do not hold are `double precision`, which both databases give back as a number, exact to 2^53.
 */
export async function createLibrary(db: Db, kind: DatabaseKind): Promise<void> {
  await createAssets(db, kind);
  await createSearch(db, kind);
  await createCollections(db);
  await createJobs(db);
}

async function createAssets(db: Db, kind: DatabaseKind): Promise<void> {
  await withSequence(db.schema.createTable('assets'), kind)
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    // By bytes on both, so that they agree about the order.
    .addColumn('titleKey', kind === 'postgres' ? sql`text collate "C"` : 'text', (column) =>
      column.notNull(),
    )
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('kind', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('ownerId', 'text')
    .addColumn('ownerName', 'text')
    .addColumn('duration', 'double precision', (column) => column.notNull())
    .addColumn('width', 'integer')
    .addColumn('height', 'integer')
    .addColumn('bytes', 'double precision')
    .addColumn('originalName', 'text')
    .addColumn('checksum', 'text')
    .addColumn('watchable', 'integer', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('updatedAt', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'assets', ['checksum']);
  // Every order, of all and of those that one column chooses: nothing large is ever sorted.
  for (const order of [['seq'], ['titleKey', 'seq'], ['duration', 'seq']]) {
    if (order.length > 1) await index(db, 'assets', order);
    for (const column of ['kind', 'state', 'visibility', 'ownerId']) {
      await index(db, 'assets', [column, ...order]);
    }
  }
  await db.schema
    .createTable('assetTags')
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) =>
      column.notNull().references('assets.seq').onDelete('cascade'),
    )
    .addColumn('label', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('assetTags_pk', ['tag', 'seq'])
    .execute();
  await index(db, 'assetTags', ['seq']);
  await db.schema
    .createTable('assetCaptions')
    .addColumn('seq', 'integer', (column) =>
      column.primaryKey().notNull().references('assets.seq').onDelete('cascade'),
    )
    .addColumn('words', 'text', (column) => column.notNull())
    .execute();
}

/** A number of its own for each row, never given twice. */
function withSequence(table: CreateTableBuilder<string>, kind: DatabaseKind) {
  return kind === 'postgres'
    ? table.addColumn('seq', 'integer', (column) =>
        column.primaryKey().notNull().generatedAlwaysAsIdentity(),
      )
    : table.addColumn('seq', 'integer', (column) => column.primaryKey().notNull().autoIncrement());
}

/**
 * The words come ready-made (`library/words.ts`), so neither database's own ideas of words and letters count:
 * FTS5's tokenizer `ascii` parts at blanks here, and a tsvector is made of a list as it is.
 */
async function createSearch(db: Db, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') {
    await sql`create table "assetSearch" (
      seq integer primary key references assets (seq) on delete cascade, words tsvector not null)`.execute(
      db,
    );
    await sql`create index "assetSearch_words" on "assetSearch" using gin (words)`.execute(db);
    return;
  }
  await sql`create virtual table "assetSearch" using fts5 (words, content = '', contentless_delete = 1,
    detail = none, prefix = '1 2 3 4 5 6', tokenize = 'ascii')`.execute(db);
  await sql`create trigger "assetSearch_deleted" after delete on assets
    begin delete from "assetSearch" where rowid = old.seq; end`.execute(db);
}

async function createCollections(db: Db): Promise<void> {
  await db.schema
    .createTable('collections')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('parentId', 'text', (column) =>
      column.references('collections.id').onDelete('cascade'),
    )
    .addColumn('position', 'double precision', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('visibility', 'text', (column) => column.notNull())
    .addColumn('ownerId', 'text')
    .addColumn('ownerName', 'text')
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('updatedAt', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'collections', ['parentId', 'position']);
  await db.schema
    .createTable('collectionItems')
    .addColumn('collectionId', 'text', (column) =>
      column.notNull().references('collections.id').onDelete('cascade'),
    )
    .addColumn('seq', 'integer', (column) =>
      column.notNull().references('assets.seq').onDelete('cascade'),
    )
    .addColumn('position', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('collectionItems_pk', ['collectionId', 'seq'])
    .execute();
  await index(db, 'collectionItems', ['collectionId', 'position', 'seq']);
  await index(db, 'collectionItems', ['seq']);
}

async function createJobs(db: Db): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    // With the Asset goes what was to be done with it.
    .addColumn('assetId', 'text', (column) => column.references('assets.id').onDelete('cascade'))
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('maxAttempts', 'integer', (column) => column.notNull())
    .addColumn('dueMs', 'double precision')
    .addColumn('lease', 'text')
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('progress', 'double precision', (column) => column.notNull())
    .addColumn('step', 'text')
    .addColumn('reason', 'text')
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('jobs_priority_dueMs')
    .on('jobs')
    .columns(['priority desc', 'dueMs'])
    .execute();
  await index(db, 'jobs', ['assetId']);
}

async function index(db: Db, table: string, columns: string[]): Promise<void> {
  const name = [table, ...columns].join('_');
  await db.schema.createIndex(name).on(table).columns(columns).execute();
}
