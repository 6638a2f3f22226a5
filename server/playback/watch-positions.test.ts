import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { Assets, type NewAsset } from '../library/assets.ts';
import { JobQueue } from '../library/jobs/job-queue.ts';
import { type Reader, SERVER } from '../library/reader.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { type Watcher, WatchPositions } from './watch-positions.ts';

const log = pino({ level: 'silent' });
const NOW = Date.parse('2026-05-05T12:00:00.000Z');
const OTHER = { id: 'other', name: 'Other' };

/** An account, whose library is that of a reader who owns nothing. */
const watcher = (accountId: string): Watcher<Reader> => ({
  accountId,
  reader: { id: accountId, role: 'reader' },
});
const ada = watcher('ada');
const bob = watcher('bob');

const NOT_SAID = { disabledAt: null, lastSeenAt: null, issuer: null, subject: null };

describe.each(DATABASE_KINDS)('how far persons have come, on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let assets: Assets;
  let positions: WatchPositions<Reader>;
  let now = NOW;

  beforeAll(async () => {
    databases = await testDatabases(kind);
    db = await openDatabase({ ...(await databases.create()), log });
    assets = new Assets({ db, jobs: new JobQueue(db, log), log });
    positions = new WatchPositions({ db, assets, now: () => now });
  });
  beforeEach(async () => {
    now = NOW;
    await db.deleteFrom('assets').execute();
    await db.deleteFrom('accounts').execute();
    for (const id of ['ada', 'bob']) {
      const createdAt = new Date(NOW).toISOString();
      const account = { id, name: id, passwordHash: '', role: 'viewer', createdAt } as const;
      await db
        .insertInto('accounts')
        .values({ ...account, ...NOT_SAID })
        .execute();
    }
  });
  afterAll(async () => {
    await db.destroy();
    await databases.close();
  });

  const film = async (asset: Partial<NewAsset> = {}): Promise<string> => {
    const all = { title: 'Film', kind: 'video', duration: 600, visibility: 'public' } as const;
    return (await assets.create({ ...all, ...asset }, OTHER)).id;
  };
  const later = (seconds: number) => (now = NOW + seconds * 1_000);
  const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();
  const rows = () => db.selectFrom('watchPositions').selectAll().execute();

  test('is kept to the fraction of a second, for each person', async () => {
    const id = await film();
    expect(await positions.get(id, ada)).toBeNull();
    const kept = { seconds: 123.456, updatedAt: at(0) };
    expect(await positions.put(id, { seconds: 123.456 }, ada)).toStrictEqual(kept);
    expect(await positions.get(id, ada)).toStrictEqual(kept);
    expect(await positions.get(id, bob)).toBeNull();
  });

  test('the newest wins, in whatever order words come', async () => {
    const id = await film();
    later(60);
    await positions.put(id, { seconds: 300 }, ada);
    const late = await positions.put(id, { seconds: 100, at: at(30) }, ada);
    expect(late).toStrictEqual({ seconds: 300, updatedAt: at(60) });
    await positions.put(id, { seconds: 200, at: at(60) }, ada);
    expect(await positions.get(id, ada)).toStrictEqual({ seconds: 200, updatedAt: at(60) });
  });

  test('a clock that is ahead does not win for ever', async () => {
    const id = await film();
    await positions.put(id, { seconds: 300, at: at(86_400) }, ada);
    expect(await positions.get(id, ada)).toStrictEqual({ seconds: 300, updatedAt: at(0) });
    later(1);
    await positions.put(id, { seconds: 310 }, ada);
    expect(await positions.get(id, ada)).toMatchObject({ seconds: 310 });
  });

  test('the end is watched, and a late word from before does not bring it back', async () => {
    const id = await film();
    await positions.put(id, { seconds: 300 }, ada);
    later(60);
    expect(await positions.put(id, { seconds: 590 }, ada)).toBeNull();
    expect(await positions.put(id, { seconds: 400, at: at(30) }, ada)).toBeNull();
    expect(await positions.list(ada, 10)).toEqual([]);
    later(120);
    expect(await positions.put(id, { seconds: 20 }, ada)).toMatchObject({ seconds: 20 });
  });

  test('is forgotten when that is wanted', async () => {
    const id = await film();
    await positions.put(id, { seconds: 300 }, ada);
    await positions.put(id, { seconds: 100 }, bob);
    await positions.forget(id, ada);
    expect(await positions.get(id, ada)).toBeNull();
    expect(await positions.get(id, bob)).toMatchObject({ seconds: 100 });
  });

  test('lists what was begun, the last first, no more than is asked for', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const id = await film({ title: `Film ${n}` });
      later(n);
      await positions.put(id, { seconds: 100 + n }, ada);
      ids.unshift(id);
    }
    const begun = await positions.list(ada, 3);
    expect(begun.map(({ asset }) => asset.id)).toEqual(ids.slice(0, 3));
    expect(begun[0]).toMatchObject({
      asset: { title: 'Film 4' },
      seconds: 104,
      updatedAt: at(4),
    });
    expect(await positions.list(bob, 3)).toEqual([]);
  });

  test('lists only what may still be seen, and fills the list with what comes after', async () => {
    const open = await film({ title: 'Open' });
    await positions.put(open, { seconds: 100 }, ada);
    for (let n = 1; n < 4; n += 1) {
      const id = await film();
      later(n);
      await positions.put(id, { seconds: 100 }, ada);
      await assets.update(id, { visibility: 'private' }, SERVER);
    }
    const begun = await positions.list(ada, 2);
    expect(begun.map(({ asset }) => asset.title)).toEqual(['Open']);
    // Unlisted is for who has the address, and whoever began it had.
    await assets.update(open, { visibility: 'unlisted' }, SERVER);
    expect(await positions.list(ada, 2)).toHaveLength(1);
  });

  test('what may not be seen is not there', async () => {
    const id = await film({ visibility: 'private' });
    const notFound = { code: 'notFound' };
    await expect(positions.get(id, ada)).rejects.toMatchObject(notFound);
    await expect(positions.put(id, { seconds: 9 }, ada)).rejects.toMatchObject(notFound);
    await expect(positions.forget(id, ada)).rejects.toMatchObject(notFound);
    expect(await rows()).toEqual([]);
  });

  test('goes with the Asset, and with the account', async () => {
    const [one, two] = [await film(), await film()];
    for (const id of [one, two])
      for (const who of [ada, bob]) await positions.put(id, { seconds: 100 }, who);
    await assets.delete(one, SERVER);
    expect((await rows()).map(({ assetId }) => assetId)).toEqual([two, two]);
    await db.deleteFrom('accounts').where('id', '=', 'ada').execute();
    expect((await rows()).map(({ accountId }) => accountId)).toEqual(['bob']);
  });
});
