import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, type Dialect } from 'kysely';
import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { type DatabaseKind, migrate } from './migrate.ts';
import { MIGRATIONS, type BareTables } from './migrations.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** The database, or a transaction of it. Whoever opened it closes it, with `destroy()`. */
export type Database = Kysely<BareTables & Tables>;

export interface DatabaseOptions {
  /** Where the file `sfumato.db` is kept. */
  dataDir: string;
  /** A PostgreSQL to use instead of the file. */
  url: string | undefined;
  log: Logger;
}

/** @throws SfumatoError `unavailable` where there is none, or it belongs to a newer version */
export async function openDatabase({ dataDir, url, log }: DatabaseOptions): Promise<Database> {
  const kind: DatabaseKind = url === undefined ? 'sqlite' : 'postgres';
  try {
    const dialect = url === undefined ? await openFile(dataDir) : postgresDialect(url, log);
    return await openMigrated(dialect, kind, log);
  } catch (cause) {
    if (cause instanceof SfumatoError) throw cause;
    throw new SfumatoError('unavailable', `The database cannot be opened: ${reason(cause)}`, {
      cause,
      hint: 'DATA_DIR names the folder of the SQLite file, DATABASE_URL a PostgreSQL.',
    });
  }
}

async function openFile(dataDir: string): Promise<Dialect> {
  await mkdir(dataDir, { recursive: true });
  return await sqliteDialect(join(dataDir, 'sfumato.db'));
}

async function openMigrated(dialect: Dialect, kind: DatabaseKind, log: Logger): Promise<Database> {
  const db = new Kysely<BareTables>({ dialect });
  try {
    const applied = await migrate(db, kind, MIGRATIONS);
    if (applied.length > 0) log.info({ kind, applied }, 'the database was brought up to date');
    return db.withTables<Tables>();
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Never the URL, which has a password. A refused connection to several addresses has no message of its own. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
