import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ColumnDataType, Kysely, sql } from 'kysely';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { openDatabase } from './database.ts';
import { isDatabaseTrouble } from './database-errors.ts';
import { type DatabaseKind, migrate } from './migrate.ts';
import { MIGRATIONS, type Migration, type BareTables } from './migrations.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';

const log = pino({ level: 'silent' });
const CREATED_AT = '2026-01-02T03:04:05.678Z';
const OPEN = `
import { pino } from 'pino';
import { openDatabase } from './server/store/database.ts';
const at = JSON.parse(process.env.DATABASE_AT);
const db = await openDatabase({ dataDir: at.dataDir, url: at.url, log: pino() });
await db.destroy();
`;

async function openInProcess(at: { dataDir: string; url: string | undefined }): Promise<string> {
  // Not as an argument: it has a password in it.
  const env = { ...process.env, DATABASE_AT: JSON.stringify(at) };
  const args = ['--input-type=module', '-e', OPEN];
  return (await promisify(execFile)(process.execPath, args, { env })).stdout;
}

const channel = { id: 'one', title: 'One', graceSeconds: 60, createdAt: CREATED_AT };

describe.each(DATABASE_KINDS)('the database on %s', (name) => {
  const kind: DatabaseKind = name === 'SQLite' ? 'sqlite' : 'postgres';
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await testDatabases(name);
  });
  afterAll(() => databases.close());

  const openOne = async () => openDatabase({ ...(await databases.create()), log });

  test('keeps what it was given, and gives it back as it was', async () => {
    const at = await databases.create();
    const db = await openDatabase({ ...at, log });
    await db
      .insertInto('channels')
      .values({ ...channel, title: "Ünï'cödé ☂ \\" })
      .execute();
    await db.destroy();
    const again = await openDatabase({ ...at, log });
    const rows = await again.selectFrom('channels').selectAll().execute();
    const open = { visibility: 'public', passwordVersion: 0, watchPasswordHash: null };
    const unlimited = { embedSites: null, maxViewers: null, startsAt: null, endsAt: null };
    expect(rows).toStrictEqual([{ ...channel, ...open, ...unlimited, title: "Ünï'cödé ☂ \\" }]);
    await again.destroy();
  });

  test('refuses a second row of one key, and says so by the count of rows where asked', async () => {
    const db = await openOne();
    const insert = db.insertInto('channels').values(channel);
    await insert.execute();
    await expect(insert.execute()).rejects.toThrow(/unique/i);
    const quiet = insert.onConflict((conflict) => conflict.column('id').doNothing());
    expect((await quiet.executeTakeFirst()).numInsertedOrUpdatedRows).toBe(0n);
    await db.destroy();
  });

  test('holds foreign keys, and deletes what hangs on a row with it', async () => {
    const db = await openOne();
    const key = { channelId: 'one', keyHash: 'h', createdAt: CREATED_AT };
    await expect(db.insertInto('streamKeys').values(key).execute()).rejects.toThrow(/foreign key/i);
    await db.insertInto('channels').values(channel).execute();
    await db.insertInto('streamKeys').values(key).execute();
    const { numDeletedRows } = await db.deleteFrom('channels').executeTakeFirst();
    expect(numDeletedRows).toBe(1n);
    expect(await db.selectFrom('streamKeys').selectAll().execute()).toEqual([]);
    await db.destroy();
  });

  test('a transaction that fails leaves nothing', async () => {
    const db = await openOne();
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('channels').values(channel).execute();
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(await db.selectFrom('channels').selectAll().execute()).toEqual([]);
    await db.destroy();
  });

  test('transactions that read and then write lose no update', async () => {
    const db = await openOne();
    await db
      .insertInto('channels')
      .values({ ...channel, graceSeconds: 0 })
      .execute();
    const increment = () =>
      db.transaction().execute(async (trx) => {
        const query = trx.selectFrom('channels').select('graceSeconds');
        const row = kind === 'postgres' ? query.forUpdate() : query;
        const { graceSeconds } = await row.executeTakeFirstOrThrow();
        await trx
          .updateTable('channels')
          .set({ graceSeconds: graceSeconds + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    const { graceSeconds } = await db
      .selectFrom('channels')
      .select('graceSeconds')
      .executeTakeFirstOrThrow();
    expect(graceSeconds).toBe(20);
    await db.destroy();
  });

  describe('migrations', () => {
    const make = (table: string, type: ColumnDataType = 'text'): Migration => ({
      name: `step-${table}`,
      up: (db) => db.schema.createTable(table).addColumn('x', type).execute(),
    });
    const broken: Migration = {
      name: 'step-broken',
      async up(db, on) {
        await make('half').up(db, on);
        throw new Error('broken');
      },
    };

    async function bare() {
      const { dataDir, url } = await databases.create();
      return async () =>
        new Kysely<BareTables>({
          dialect:
            url === undefined
              ? await sqliteDialect(join(dataDir, 'sfumato.db'))
              : postgresDialect(url, log),
        });
    }

    test('run once each, in order, and go on where they stopped', async () => {
      const db = await (await bare())();
      expect(await migrate(db, kind, [make('a')])).toEqual(['step-a']);
      expect(await migrate(db, kind, [make('a')])).toEqual([]);
      expect(await migrate(db, kind, [make('a'), make('b')])).toEqual(['step-b']);
      await db.destroy();
    });

    test('one that fails leaves no half of itself, and those before it stay', async () => {
      const db = await (await bare())();
      await expect(migrate(db, kind, [make('a'), broken])).rejects.toThrow('broken');
      const tables = (await db.introspection.getTables()).map(({ name: table }) => table);
      expect(tables.toSorted()).toEqual(['a', 'migrations']);
      expect(await migrate(db, kind, [make('a'), make('half')])).toEqual(['step-half']);
      await db.destroy();
    });

    test('servers that start at once do each of them once', async () => {
      const at = await databases.create();
      // Processes: SQLite's waiting for a lock holds its whole process up.
      const outputs = await Promise.all(Array.from({ length: 4 }, () => openInProcess(at)));
      const applied = outputs.join('').matchAll(/"(\d{4}-[a-z-]+)"/g);
      const names = [...applied].map(([, step = '']) => step);
      expect(names.toSorted()).toEqual(MIGRATIONS.map((migration) => migration.name));
    });

    test('a database of a newer version is left alone', async () => {
      const at = await databases.create();
      const db = await openDatabase({ ...at, log });
      const now = sql.lit(CREATED_AT);
      await sql`insert into migrations values ('9999-later', ${now})`.execute(db);
      await db.destroy();
      await expect(openDatabase({ ...at, log })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('9999-later'),
      });
    });
  });
});

describe('the SQLite file', () => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await testDatabases('SQLite');
  });
  afterAll(() => databases.close());

  test('is for nobody else to read, and keeps a journal beside it', async () => {
    const { dataDir } = await databases.create();
    const db = await openDatabase({ dataDir, url: undefined, log });
    await db.insertInto('channels').values(channel).execute();
    const files = readdirSync(dataDir);
    expect(files.toSorted()).toEqual(['sfumato.db', 'sfumato.db-shm', 'sfumato.db-wal']);
    for (const file of files) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    await db.destroy();
  });

  test('that is no database is told by name, and stays as it is', async () => {
    const { dataDir } = await databases.create();
    writeFileSync(join(dataDir, 'sfumato.db'), 'a letter to a friend'.repeat(100));
    await expect(openDatabase({ dataDir, url: undefined, log })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('not a database'),
    });
    expect(readFileSync(join(dataDir, 'sfumato.db'), 'utf8')).toContain('a letter');
  });

  test('is waited for while another process opens it too', async () => {
    const { dataDir } = await databases.create();
    const other = new DatabaseSync(join(dataDir, 'sfumato.db'));
    other.exec('begin immediate; create table briefly (id)');
    const opening = openDatabase({ dataDir, url: undefined, log });
    expect(await Promise.race([opening.catch(String), wait(200, 'still waiting')])).toBe(
      'still waiting',
    );
    other.exec('rollback');
    await (await opening).destroy();
    other.close();
  });

  test('that another process keeps locked is trouble of the database, not of the code', async () => {
    const { dataDir } = await databases.create();
    const open = () => openDatabase({ dataDir, url: undefined, log });
    const [one, other] = [await open(), await open()];
    const held = await one.startTransaction().execute();
    await sql`pragma busy_timeout = 10`.execute(other);
    const thrown: unknown = await other
      .insertInto('channels')
      .values(channel)
      .execute()
      .catch((error: unknown) => error);
    expect(isDatabaseTrouble(thrown)).toBe(true);
    await held.rollback().execute();
    await one.destroy();
    await other.destroy();
  });
});

describe('a PostgreSQL that cannot be reached', () => {
  test('is told without its password', async () => {
    const url = 'postgres://me:hunter2hunter2@127.0.0.1:1/none';
    const thrown: unknown = await openDatabase({ dataDir: '/nowhere', url, log }).catch(
      (error: unknown) => error,
    );
    expect(thrown).toMatchObject({ code: 'unavailable' });
    expect(String(thrown)).toContain('ECONNREFUSED');
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain('hunter2');
  });
});
