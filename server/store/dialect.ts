import { PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';
import type { DatabaseKind } from './migrate.ts';

/** What SQLite and PostgreSQL say in different words. */
export function kindOf(db: Database): DatabaseKind {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';
}

/**
 * The database's own clock, milliseconds since the Unix epoch: servers that share a database agree about it.
 *
 * @param plusMs milliseconds from now
 */
export function databaseTime(db: Database, plusMs = 0): RawBuilder<number> {
  return kindOf(db) === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000 + ${plusMs})::double precision`
    : sql<number>`(unixepoch('subsec') * 1000 + ${plusMs})`;
}

/** One after the other do what follows in the transaction. SQLite's transactions do anyway. */
export async function lockTable(
  trx: Database,
  table: 'accounts' | 'collections' | 'uploads',
): Promise<void> {
  if (kindOf(trx) === 'postgres') {
    await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(trx);
  }
}

/** In the transaction that is given, or one of its own. */
export function inTransaction<T>(db: Database, work: (trx: Database) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
