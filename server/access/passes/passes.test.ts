import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import {
  DATABASE_KINDS,
  type TestDatabases,
  testDatabases,
} from '../../../test/support/databases.ts';
import { until } from '../../../test/support/live-server.ts';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { Pass } from '../../rights/may-watch.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import type { TokenFault } from './claims.ts';
import { Passes } from './passes.ts';

const log = pino({ level: 'silent' });
const URL_OF_OURS = 'https://video.example';
const START = Date.parse('2026-01-02T03:04:05.000Z');
const DAY_MS = 24 * 3_600_000;

describe.each(DATABASE_KINDS)('playback tokens on %s', (kind) => {
  let databases: TestDatabases;
  let db: Database;
  let passes: Passes;
  let nowMs: number;
  let faults: TokenFault[];

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  afterAll(() => databases.close());
  beforeEach(async () => {
    db = await openDatabase({ ...(await databases.create()), log });
    nowMs = START;
    faults = [];
    passes = create(URL_OF_OURS);
  });
  afterEach(async () => {
    passes.close();
    await db.destroy();
  });

  function create(publicUrl: string | undefined): Passes {
    const onRefused = (fault: TokenFault) => void faults.push(fault);
    return new Passes({ db, publicUrl, issuers: [], log, onRefused, now: () => nowMs });
  }

  const issue = (more: { thingId?: string; expiresInSeconds?: number; sites?: string[] } = {}) =>
    passes.issue({ thingId: 'studio', expiresInSeconds: 600, subject: 'eve', ...more }, 'ada');

  async function readPass(token: string): Promise<Pass> {
    const pass = await passes.read(token);
    if (pass === 'wrong') throw new Error(`it is wrong: ${faults.at(-1)}`);
    return pass;
  }

  test('what is issued is read as it was meant', async () => {
    const { token, id, expiresAt } = await issue({ sites: ['https://a.example'] });
    expect(await passes.read(token)).toEqual({
      ...{ id, subject: 'eve', thingId: 'studio', sites: ['https://a.example'] },
      ...{ notBeforeMs: START - 5_000, expiresAtMs: START + 600_000 },
      ...{ passwordVersion: undefined, isRevoked: false },
    });
    expect(expiresAt).toBe(new Date(START + 600_000).toISOString());
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'EdDSA', typ: 'playback+jwt' });
    expect(decodeJwt(token)).toMatchObject({ iss: URL_OF_OURS, aud: URL_OF_OURS, scope: 'watch' });
    expect(faults).toEqual([]);
  });

  test('for a password: which one it was, twelve hours, and not in the list', async () => {
    const { token } = await passes.issueForPassword('studio', 3);
    const expected = { passwordVersion: 3, expiresAtMs: START + 12 * 3_600_000 };
    expect(await passes.read(token)).toMatchObject(expected);
    expect((await passes.list({})).tokens).toEqual([]);
  });

  test('none lasts longer than a day, whatever is asked for', async () => {
    const { token } = await issue({ expiresInSeconds: 100 * 86_400 });
    expect(await passes.read(token)).toMatchObject({ expiresAtMs: START + DAY_MS });
  });

  test('one that has expired is still known for what it was', async () => {
    const { token } = await issue();
    nowMs += DAY_MS;
    expect(await passes.read(token)).toMatchObject({ expiresAtMs: START + 600_000 });
  });

  test('more sites than a token can hold', async () => {
    const sites = Array.from({ length: 60 }, (_, at) => `https://${'a'.repeat(60)}${at}.example`);
    await expect(issue({ sites })).rejects.toMatchObject({ code: 'badRequest' });
  });

  describe('taking back', () => {
    test('ends a pass, tells whoever listens, and is not forgotten by a restart', async () => {
      const [one, two] = [await issue(), await issue()];
      const told: boolean[][] = [];
      const unlisten = passes.onRevoked((isRevoked) => told.push([one.id, two.id].map(isRevoked)));
      await passes.revoke(one.id);
      await passes.revoke(one.id);
      unlisten();
      await passes.revoke('of another issuer');
      expect(told[0]).toEqual([true, false]);
      expect(await readPass(one.token)).toMatchObject({ isRevoked: true });
      expect(await readPass(two.token)).toMatchObject({ isRevoked: false });
      expect((await passes.list({})).tokens.map(({ id }) => id)).toEqual([two.id]);
      const again = create(URL_OF_OURS);
      expect(await again.read(one.token)).toMatchObject({ isRevoked: true });
      again.close();
    });

    test('names that look like rows of keys end nobody else', async () => {
      const { token } = await issue();
      const { kid } = decodeProtectedHeader(token);
      await passes.revoke(`key:${kid}`);
      await passes.revoke(`${kid}`);
      expect(await readPass(token)).toMatchObject({ isRevoked: false });
    });

    test('reaches other nodes on the same database', async () => {
      const other = create(URL_OF_OURS);
      const { id } = await issue();
      const told: boolean[] = [];
      other.onRevoked((isRevoked) => told.push(isRevoked(id), isRevoked('another')));
      await passes.revoke(id);
      // On SQLite there is one node.
      if (kind === 'PostgreSQL') await until(() => told.length > 0);
      expect(told).toEqual(kind === 'PostgreSQL' ? [true, false] : []);
      other.close();
    });

    test('is remembered until no such token can be left, and no longer', async () => {
      const { id } = await issue();
      await issue();
      await passes.revoke(id);
      nowMs += DAY_MS;
      await passes.sweep();
      expect(await db.selectFrom('playbackRevocations').selectAll().execute()).toHaveLength(1);
      expect(await db.selectFrom('playbackTokens').selectAll().execute()).toHaveLength(0);
      nowMs += DAY_MS;
      await passes.sweep();
      expect(await db.selectFrom('playbackRevocations').selectAll().execute()).toHaveLength(0);
    });
  });

  describe('the list', () => {
    test('has what was issued, who issued it, and not what has expired', async () => {
      const short = await issue({ expiresInSeconds: 10 });
      nowMs += 5_000;
      const { id, expiresAt } = await issue({ thingId: '*', sites: ['https://a.example'] });
      expect((await passes.list({})).tokens.map((token) => token.id)).toEqual([id, short.id]);
      nowMs += 6_000;
      expect(await passes.list({})).toEqual({
        cursor: null,
        tokens: [
          {
            ...{ id, thingId: '*', subject: 'eve', sites: ['https://a.example'], expiresAt },
            ...{ createdBy: 'ada', createdAt: new Date(START + 5_000).toISOString() },
          },
        ],
      });
      expect((await passes.list({ thingId: 'studio' })).tokens).toEqual([]);
    });

    test('goes on where the page before has ended', async () => {
      for (let count = 0; count < 103; count += 1) await issue();
      const first = await passes.list({ thingId: 'studio' });
      const second = await passes.list({ thingId: 'studio', cursor: first.cursor ?? '' });
      const all = [...first.tokens, ...second.tokens].map(({ id }) => id);
      expect([first.tokens.length, new Set(all).size, second.cursor]).toEqual([100, 103, null]);
      await expect(passes.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'badRequest' });
    });

    test('has no token in it, nor has the database', async () => {
      const { token } = await issue();
      const rows = await db.selectFrom('playbackTokens').selectAll().execute();
      const [, , signature = ''] = token.split('.');
      expect(JSON.stringify([await passes.list({}), rows])).not.toContain(signature);
    });
  });

  describe('keys', () => {
    const kids = async () => (await passes.publicKeys()).keys.map(({ kid }) => kid);

    test('are there to be looked at, without their secret part', async () => {
      const [only, ...others] = (await passes.publicKeys()).keys;
      expect(others).toEqual([]);
      expect(Object.keys(only ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
      const again = create(URL_OF_OURS);
      expect(await again.publicKeys()).toEqual({ keys: [only] });
      again.close();
    });

    test('many that need the first at once have the same', async () => {
      await Promise.all(Array.from({ length: 10 }, () => issue()));
      expect(await kids()).toHaveLength(1);
    });

    test('another one signs; what was signed before holds on', async () => {
      const before = await issue();
      nowMs += 1_000;
      await passes.rotateKeys(false);
      const after = await issue();
      const [newest, oldest] = await kids();
      expect(decodeProtectedHeader(after.token).kid).toBe(newest);
      expect(decodeProtectedHeader(before.token).kid).toBe(oldest);
      for (const { token } of [before, after]) {
        expect(await readPass(token)).toMatchObject({ isRevoked: false });
      }
      nowMs += 3 * DAY_MS;
      // Whether or not anybody has swept.
      expect(await kids()).toEqual([newest]);
      expect(await passes.read(before.token)).toBe('wrong');
      const rows = () => db.selectFrom('playbackKeys').selectAll().execute();
      expect(await rows()).toHaveLength(2);
      await passes.sweep();
      expect(await rows()).toHaveLength(1);
    });

    test('one that became known ends at once, with everything that it signed', async () => {
      const { token, id } = await issue();
      const told: boolean[] = [];
      passes.onRevoked((isRevoked) => told.push(isRevoked(id), isRevoked('of another issuer')));
      await passes.rotateKeys(true);
      expect(told).toEqual([true, false]);
      expect(await passes.read(token)).toBe('wrong');
      expect((await passes.list({})).tokens).toEqual([]);
      expect(await kids()).toHaveLength(1);
      expect(await readPass((await issue()).token)).toMatchObject({ isRevoked: false });
    });
  });

  test('without its database, nobody gets in, and the error says why', async () => {
    const { token } = await issue();
    await db.destroy();
    const outcome = await passes.read(token).catch((error: unknown) => error);
    expect(outcome === 'wrong' || outcome instanceof SfumatoError).toBe(true);
    db = await openDatabase({ ...(await databases.create()), log });
  });
});
