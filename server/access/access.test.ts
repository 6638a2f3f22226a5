import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from '../../test/support/databases.ts';
import { Channels } from '../channels/channels.ts';
import { StoredChannels } from '../channels/stored-channels.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { Access } from './access.ts';
import { LOGIN_IDLE_MS, LOGIN_LIFE_MS } from './people/logins.ts';
import type { Principal } from './principal.ts';

const log = pino({ level: 'silent' });
const PASSWORD = 'correct horse battery staple';
const FROM = { address: '192.0.2.1', userAgent: 'A browser' };
const ADMIN: Principal = { kind: 'adminToken', id: 'x', name: 'x', scopes: ['admin'] };
const START = Date.parse('2026-01-02T03:04:05.678Z');
const HOUR = 3_600_000;

describe.each(DATABASE_KINDS)('access on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let access: Access;
  let nowMs: number;

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  afterAll(() => databases.close());
  beforeEach(async () => {
    db = await openDatabase({ ...(await databases.create()), log });
    nowMs = START;
    access = new Access({ db, adminToken: undefined, now: () => nowMs });
  });
  afterEach(() => db.destroy());

  async function setUp() {
    const token = (await access.newSetupToken()) ?? '';
    return access.people.setUp({ token, name: 'ada', password: PASSWORD }, FROM);
  }

  const who = async (session: string) =>
    (await access.identify({ bearer: undefined, session }))?.name;

  describe('a session', () => {
    test('ends when nobody has used it for a day', async () => {
      const { token } = await setUp();
      nowMs += LOGIN_IDLE_MS - HOUR;
      expect(await who(token)).toBe('ada');
      nowMs += LOGIN_IDLE_MS - HOUR;
      expect(await who(token)).toBe('ada');
      nowMs += LOGIN_IDLE_MS;
      expect(await who(token)).toBeUndefined();
    });

    test('ends after a week however much it is used', async () => {
      const { token } = await setUp();
      for (; nowMs < START + LOGIN_LIFE_MS; nowMs += 6 * HOUR) {
        expect(await who(token)).toBe('ada');
      }
      expect(await who(token)).toBeUndefined();
    });

    test('that has ended is swept away by the next login', async () => {
      await setUp();
      nowMs += LOGIN_LIFE_MS + 1;
      await access.people.logIn({ name: 'ada', password: PASSWORD }, FROM);
      expect(await db.selectFrom('sessions').selectAll().execute()).toHaveLength(1);
    });
  });

  test('two uses of one set-up link at once make one account', async () => {
    const token = (await access.newSetupToken()) ?? '';
    const uses = ['ada', 'eve'].map((name) =>
      access.people.setUp({ token, name, password: PASSWORD }, FROM),
    );
    const outcomes = (await Promise.allSettled(uses)).map(({ status }) => status);
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await db.selectFrom('accounts').selectAll().execute()).toHaveLength(1);
  });

  test('with ADMIN_TOKEN there is no set-up link, and that token may do everything', async () => {
    const adminToken = 'an-admin-token-of-32-characters0';
    const automated = new Access({ db, adminToken });
    expect(await automated.newSetupToken()).toBeUndefined();
    const show = (bearer: string) => automated.identify({ bearer, session: undefined });
    expect(await show(adminToken)).toMatchObject({ kind: 'adminToken', scopes: ['admin'] });
    await expect(show(`${adminToken}x`)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(show('')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('passwords are stored as Argon2id, and no secret is stored as it is', async () => {
    const { token: session } = await setUp();
    const { token } = await access.apiTokens.create({ name: 'x', scopes: ['admin'] }, ADMIN);
    const accounts = await db.selectFrom('accounts').selectAll().execute();
    expect(accounts[0]?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const everything = JSON.stringify([
      accounts,
      await db.selectFrom('sessions').selectAll().execute(),
      await db.selectFrom('apiTokens').selectAll().execute(),
    ]);
    for (const secret of [session, token, PASSWORD]) expect(everything).not.toContain(secret);
  });

  describe('stream keys', () => {
    let channels: Channels;
    let stored: StoredChannels;
    let revoked: string[];
    beforeEach(async () => {
      channels = new Channels();
      stored = await StoredChannels.load({ db, channels, keys: access.streamKeys });
      revoked = [];
      access.streamKeys.onRevoked((id, reason) => revoked.push(`${id}: ${reason}`));
    });
    const create = async (id: string) =>
      (await stored.create(id, { title: id, graceSeconds: 1 })).streamKey;
    const check = (id: string, key: string) => access.streamKeys.checkStreamKey(id, key);

    test('open their own Channel and no other', async () => {
      const [one, two] = [await create('one'), await create('two')];
      await expect(check('one', one)).resolves.toBeUndefined();
      await expect(check('one', two)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(check('missing', one)).rejects.toMatchObject({ code: 'forbidden' });
      for (const wrong of ['', 'sk_', one.slice(0, -1), `${one} `, one.toUpperCase()]) {
        await expect(check('one', wrong)).rejects.toMatchObject({ code: 'unauthorized' });
      }
    });

    test('do not open a Channel of the command line', async () => {
      const key = await create('one');
      channels.create('demo', 'Demo');
      await expect(check('demo', key)).rejects.toMatchObject({ code: 'forbidden' });
      expect(() => stored.get('demo')).toThrow('plays a file');
    });

    test('end when they are rotated, and whoever uses them is told', async () => {
      const old = await create('one');
      const fresh = await access.streamKeys.rotate('one');
      await expect(check('one', old)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(check('one', fresh)).resolves.toBeUndefined();
      await expect(access.streamKeys.rotate('two')).rejects.toMatchObject({ code: 'notFound' });
      expect(revoked).toEqual(['one: keyRotated']);
    });

    test('end with their Channel', async () => {
      const key = await create('one');
      await stored.delete('one');
      expect(revoked).toEqual(['one: channelDeleted']);
      await expect(check('one', key)).rejects.toMatchObject({ code: 'unauthorized' });
      const again = await create('one');
      expect(again).not.toBe(key);
    });

    test('of a Channel that is made twice at once: one of them', async () => {
      const made = await Promise.allSettled([create('one'), create('one')]);
      const kinds = made.map(({ status }) => status);
      expect(kinds.toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(channels.list()).toHaveLength(1);
    });

    test('and their Channels are there again after a restart, in their order', async () => {
      const key = await create('zebra');
      nextMillisecond();
      await create('ape');
      await stored.update('ape', { title: 'Ape', graceSeconds: 7 });
      const later = new Channels();
      await StoredChannels.load({ db, channels: later, keys: access.streamKeys });
      const seen = later.list().map(({ id, title, graceSeconds }) => [id, title, graceSeconds]);
      expect(seen).toEqual([
        ['zebra', 'zebra', 1],
        ['ape', 'Ape', 7],
      ]);
      await expect(check('zebra', key)).resolves.toBeUndefined();
    });
  });
});

/** The order of what is made within the same one is not kept. */
function nextMillisecond(): void {
  const now = Date.now();
  while (Date.now() === now);
}
