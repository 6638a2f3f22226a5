import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type Dialect, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { isSqliteBusy } from './database-errors.ts';

/** How long a statement waits for another process that has the file locked, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** Between two attempts to change the journal's mode, milliseconds. */
const JOURNAL_RETRY_MS = 20;

/** Only the account that runs the server may read it. SQLite gives its further files the same mode. */
const FILE_MODE = 0o600;

/** kysely's dialect over Node's own SQLite. The file is made where it is not there. */
export async function sqliteDialect(file: string): Promise<Dialect> {
  closeSync(openSync(file, 'a', FILE_MODE));
  const database = new DatabaseSync(file, {
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
  });
  try {
    await keepWriteAheadLog(database);
    // What was answered with success outlives a power cut.
    database.exec('pragma synchronous = full');
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteDialect({ database: adapt(database) });
}

/**
 * Readers do not wait for a writer then. Unlike any other statement, this one fails at once where another
 * process opens or closes the file at the same moment: SQLite does not wait when it raises a lock.
 */
async function keepWriteAheadLog(database: DatabaseSync): Promise<void> {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (!isSqliteBusy(error) || Date.now() > deadline) throw error;
    }
    await wait(JOURNAL_RETRY_MS);
  }
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
