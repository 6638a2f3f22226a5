import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type TestPostgres } from './postgres.ts';

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
