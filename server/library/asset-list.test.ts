import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { VISIBILITIES } from '../../signaling/contract/index.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { Assets } from './assets.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { mayFind, type Reader, SERVER, STRANGER } from './reader.ts';

const log = pino({ level: 'silent' });
const RENDITION = { role: 'rendition', name: '720p.mp4', type: 'video/mp4', bytes: 10 } as const;
const [PAST, FUTURE] = ['2020-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z'];
const TIMES = [
  { startsAt: null, endsAt: null },
  { startsAt: PAST, endsAt: FUTURE },
  { startsAt: FUTURE, endsAt: null },
  { startsAt: null, endsAt: PAST },
];
const READERS: [string, Reader][] = [
  ['a stranger', STRANGER],
  [
    'who is signed in',
    { ...STRANGER, proof: { isSignedIn: true, pass: undefined, site: undefined } },
  ],
  ['a reader', { id: 'me', role: 'reader' }],
  ['an owner', { id: 'me', role: 'stranger' }],
  ['the server', SERVER],
];

describe.each(DATABASE_KINDS)('lists of Assets on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let assets: Assets;

  /** Every kind of thing that there is; each has its facts for a title. */
  beforeAll(async () => {
    databases = await testDatabases(kind);
    db = await openDatabase({ ...(await databases.create()), log });
    assets = new Assets({ db, jobs: new JobQueue(db, log), log });
    for (const visibility of VISIBILITIES) {
      for (const times of TIMES) {
        for (const ownerId of ['me', 'other']) {
          for (const watchable of [true, false]) {
            const title = JSON.stringify({ visibility, ...times, ownerId, watchable });
            const files = watchable ? [RENDITION] : [];
            const { id } = await assets.create({ title, files }, { id: ownerId, name: ownerId });
            const rules = { visibility, ...times };
            await assets.update(id, { rules, passwordHash: 'of none' }, SERVER);
          }
        }
      }
    }
  });
  afterAll(async () => {
    await db.destroy();
    await databases.close();
  });

  const titles = async (reader: Reader, text?: string) =>
    (await assets.list({ text, limit: 200 }, reader)).assets.map(({ title }) => title);

  test.each(READERS)('show to %s what mayFind says', async (_who, reader) => {
    const all = await titles(SERVER);
    expect(all).toHaveLength(VISIBILITIES.length * TIMES.length * 4);
    const expected = all.filter((title) => mayFind(reader, JSON.parse(title)));
    expect(await titles(reader)).toEqual(expected);
    expect(await titles(reader, 'ownerId')).toEqual(expected);
  });
});
