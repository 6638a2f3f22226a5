import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryPostgres, startPostgres, type TestPostgres } from './postgres.ts';
import { recordDatabase, recordSecret } from './run-record.ts';

/** The settings that lead to one new, empty database, of either kind. */
export interface TestDatabases {
  create(): Promise<{ dataDir: string; url: string | undefined }>;
  close(): Promise<void>;
}

export const DATABASE_KINDS = ['SQLite', 'PostgreSQL'] as const;
export type DatabaseKindName = (typeof DATABASE_KINDS)[number];

/** For suites that run once on each kind. */
export async function testDatabases(kind: DatabaseKindName): Promise<TestDatabases> {
  const folders: string[] = [];
  const postgres: TestPostgres | undefined =
    kind === 'PostgreSQL' ? await startPostgres() : undefined;
  return {
    async create() {
      const dataDir = await mkdtemp(join(tmpdir(), 'sfumato-database-'));
      folders.push(dataDir);
      return { dataDir, url: await postgres?.createDatabase() };
    },
    async close() {
      await postgres?.close();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The setting for a server that a test starts: a new, empty database on the PostgreSQL that DATABASE_URL names
 * for the whole run; SQLite where it names none.
 */
export async function freshDatabase(): Promise<{ DATABASE_URL: string }> {
  const given = process.env['DATABASE_URL'] ?? '';
  if (given === '') return { DATABASE_URL: '' };
  const name = `sfumato_test_${randomBytes(8).toString('hex')}`;
  await queryPostgres(given, `create database ${name}`);
  recordDatabase(name);
  const url = new URL(given);
  recordSecret('the password of DATABASE_URL', decodeURIComponent(url.password));
  url.pathname = `/${name}`;
  return { DATABASE_URL: url.href };
}
