import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { type Dialect, Kysely, sql } from 'kysely';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { type BareTables, MIGRATIONS } from './migrations.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';

const log = pino({ level: 'silent' });
const AT = '2026-01-02T03:04:05.678Z';

describe.each(DATABASE_KINDS)('an installation from before there were roles, on %s', (name) => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await testDatabases(name);
  });
  afterAll(() => databases.close());

  const dialectOf = async (at: { dataDir: string; url: string | undefined }): Promise<Dialect> =>
    at.url === undefined
      ? sqliteDialect(join(at.dataDir, 'sfumato.db'))
      : postgresDialect(at.url, log);

  test('has administrators, who stay logged in, and tokens that go on', async () => {
    const at = await databases.create();
    const before = new Kysely<BareTables>({ dialect: await dialectOf(at) });
    const older = MIGRATIONS.filter(({ name: step }) => step < '0007');
    await migrate(before, at.url === undefined ? 'sqlite' : 'postgres', older);
    await sql`insert into accounts values ('a', 'ada', 'hash', ${AT}), ('b', 'bob', 'hash', ${AT})`.execute(
      before,
    );
    await sql`insert into sessions values ('h1', 'a', ${AT}, ${AT}), ('h2', 'b', ${AT}, ${AT})`.execute(
      before,
    );
    await sql`insert into ${sql.table('apiTokens')} values ('t', 'x', 'h', 'admin', ${AT})`.execute(
      before,
    );
    await before.destroy();

    const db = await openDatabase({ ...at, log });
    const accounts = await db.selectFrom('accounts').selectAll().orderBy('id').execute();
    expect(accounts.map(({ role, disabledAt, issuer }) => [role, disabledAt, issuer])).toEqual([
      ['administrator', null, null],
      ['administrator', null, null],
    ]);
    const logins = await db.selectFrom('sessions').selectAll().execute();
    expect(new Set(logins.map(({ id }) => id)).size).toBe(2);
    for (const { id, address } of logins) {
      expect([id, address]).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), null]);
    }
    expect(await db.selectFrom('apiTokens').selectAll().execute()).toEqual([
      expect.objectContaining({ id: 't', accountId: null, expiresAt: null, lastUsedAt: null }),
    ]);
    await db.destroy();
  });
});
