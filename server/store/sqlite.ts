import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Dialect, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

/** How long a statement waits for another process that has the file locked, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** Only the account that runs the server may read it. SQLite gives its further files the same mode. */
const FILE_MODE = 0o600;

/** kysely's dialect over Node's own SQLite. The file is made where it is not there. */
export function sqliteDialect(file: string): Dialect {
  closeSync(openSync(file, 'a', FILE_MODE));
  const database = new DatabaseSync(file, {
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
  });
  try {
    // WAL: readers do not wait for a writer. FULL: what was answered with success outlives a power cut.
    database.exec('pragma journal_mode = wal; pragma synchronous = full');
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteDialect({ database: adapt(database) });
}

/** What kysely asks of better-sqlite3, by node:sqlite. */
function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (text) => adaptStatement(database.prepare(withLock(text))),
  };
}

/** A transaction takes the lock at its start: one that reads first and then writes could not wait for it. */
function withLock(text: string): string {
  return text === 'begin' ? 'begin immediate' : text;
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(toInput)).map((row) => ({ ...row })),
    run: (parameters) => statement.run(...parameters.map(toInput)),
    iterate: (parameters) => statement.iterate(...parameters.map(toInput)),
  };
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value;
  }
  throw new TypeError(`SQLite has no ${typeof value}`);
}
