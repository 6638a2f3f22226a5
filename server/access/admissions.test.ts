import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { type AccessRules, OPEN_RULES, SfumatoError } from '../../signaling/contract/index.ts';
import type { Pass } from '../rights/may-watch.ts';
import { Admissions, type Play } from './admissions.ts';
import type { Visitor } from './visitor.ts';
import { WatchGate } from './watch-gate.ts';

const STRANGER: Visitor = {
  principal: undefined,
  pass: undefined,
  site: undefined,
  address: '9.9.9.9',
  agent: 'test',
};

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => void setTimeout(resolve, 5));
};

describe('what is being watched', () => {
  let rules: Partial<AccessRules>;
  let isThere: boolean;
  let trouble: Error | undefined;
  let asked: number;
  let follows: string[];
  let tell: () => void;
  let admissions: Admissions;
  const told: SfumatoError[] = [];

  const gate = new WatchGate({
    things: {
      meet: async (id) => {
        asked += 1;
        if (trouble !== undefined) throw trouble;
        if (!isThere) return undefined;
        const thing = {
          id,
          rules: { ...OPEN_RULES, ...rules },
          passwordVersion: 1,
          defaultSites: [],
        };
        const shown = { isSignedIn: false, mayRead: false, mayChange: false, site: undefined };
        return { thing, asker: { ...shown, pass: visitors.get(id) } };
      },
    },
  });
  /** What is shown for each thing. */
  const visitors = new Map<string, Pass | 'wrong'>();
  const pass = (further: Partial<Pass> = {}): Pass => ({
    ...{ id: 'j', subject: undefined, thingId: 'one', sites: undefined, notBeforeMs: 0 },
    ...{ expiresAtMs: Date.now() + 60_000, passwordVersion: undefined, isRevoked: false },
    ...further,
  });
  const play = (further: Partial<Play> = {}): Play => ({
    thingId: 'one',
    visitor: async () => STRANGER,
    onRefused: (why) => told.push(why),
    ...further,
  });
  const refused = (refusal: string): unknown => expect.objectContaining({ refusal });

  beforeEach(() => {
    [rules, isThere, trouble, asked, follows] = [{}, true, undefined, 0, []];
    visitors.clear();
    told.splice(0);
    admissions = new Admissions({
      gate,
      follow: (id, onChange) => {
        follows.push(id);
        tell = onChange;
        return () => follows.splice(follows.indexOf(id), 1);
      },
      everyMs: 60_000,
      log: pino({ level: 'silent' }),
    });
  });
  afterEach(() => admissions.close());

  test('who may not is not admitted', async () => {
    rules = { visibility: 'password' };
    await expect(admissions.admit(play())).rejects.toEqual(refused('password'));
    isThere = false;
    await expect(admissions.admit(play())).rejects.toEqual(refused('gone'));
    expect([admissions.count, follows]).toEqual([0, []]);
  });

  test('ends when the rules change, and is told once why', async () => {
    const admission = await admissions.admit(play());
    await admissions.admit(play({ thingId: 'two' }));
    rules = { visibility: 'signedIn' };
    admissions.check(({ thingId }) => thingId === 'one');
    await until(() => told.length > 0);
    expect(told).toEqual([refused('signIn')]);
    expect([admissions.count, follows]).toEqual([1, ['two']]);
    admission.close();
    expect(admissions.count).toBe(1);
  });

  test('is asked again when the thing is said to have changed', async () => {
    await admissions.admit(play());
    isThere = false;
    tell();
    await until(() => told.length > 0);
    expect(told).toEqual([refused('gone')]);
  });

  test('ends on time, whichever comes first', async () => {
    rules = { visibility: 'token' };
    visitors.set('late', pass({ thingId: 'late', expiresAtMs: Date.now() + 200 }));
    visitors.set('soon', pass({ thingId: 'soon', expiresAtMs: Date.now() + 50 }));
    const ends: string[] = [];
    for (const thingId of ['late', 'soon']) {
      const onRefused = ({ refusal }: SfumatoError) => ends.push(`${thingId} ${refusal}`);
      await admissions.admit(play({ thingId, onRefused }));
    }
    await until(() => ends.length === 2);
    expect(ends).toEqual(['soon expired', 'late expired']);
  });

  test('goes on with another token, but not with one that does not do', async () => {
    rules = { visibility: 'token' };
    visitors.set('one', pass({ expiresAtMs: Date.now() + 100 }));
    const admission = await admissions.admit(play());
    visitors.set('one', 'wrong');
    await expect(admission.renew(async () => STRANGER)).rejects.toEqual(refused('wrongToken'));
    visitors.set('one', pass());
    await admission.renew(async () => STRANGER);
    const before = asked;
    // The timer of the first token still runs; it finds that there is nothing to end.
    await new Promise((resolve) => void setTimeout(resolve, 150));
    expect([told, admissions.count, asked]).toEqual([[], 1, before]);
  });

  test('goes on where nobody can tell, and ends where an API token was revoked', async () => {
    let identify = async () => STRANGER;
    await admissions.admit(play({ visitor: () => identify() }));
    trouble = new SfumatoError('unavailable', 'no database');
    const before = asked;
    admissions.check();
    await until(() => asked > before);
    expect([told, admissions.count]).toEqual([[], 1]);
    identify = () => Promise.reject(new SfumatoError('unauthorized', 'revoked'));
    admissions.check();
    await until(() => told.length > 0);
    expect(told).toEqual([refused('revoked')]);
  });

  test('what changes while it is asked ends it', async () => {
    const visiting = Promise.withResolvers<Visitor>();
    let first = true;
    const visitor = () => (first ? Promise.resolve(STRANGER) : visiting.promise);
    const admitting = admissions.admit(play({ visitor }));
    first = false;
    admissions.check();
    await admitting;
    rules = { visibility: 'private' };
    visiting.resolve(STRANGER);
    await until(() => told.length > 0);
    expect(told).toEqual([refused('gone')]);
  });

  test('what changes while another token is looked at ends it as well', async () => {
    const visiting = Promise.withResolvers<Visitor>();
    let first = true;
    const visitor = () => (first ? Promise.resolve(STRANGER) : visiting.promise);
    const admission = await admissions.admit(play({ visitor }));
    first = false;
    const before = asked;
    const renewing = admission.renew(async () => STRANGER);
    // The rules are read by now, and no more than that.
    await Promise.resolve();
    expect(asked).toBe(before + 1);
    rules = { visibility: 'private' };
    admissions.check();
    await renewing;
    visiting.resolve(STRANGER);
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect(told).toEqual([refused('gone')]);
  });

  describe('no more than may', () => {
    beforeEach(() => {
      rules = { maxViewers: 2 };
    });
    const one = () => admissions.admit(play({ counts: 'each' }));

    test('watch at the same time', async () => {
      const [first] = [await one(), await one()];
      await expect(one()).rejects.toEqual(refused('full'));
      first.close();
      await one();
      await expect(one()).rejects.toEqual(refused('full'));
      await admissions.admit(play({ thingId: 'two', counts: 'each' }));
      // What is only heard of takes nobody's place.
      await admissions.admit(play());
    });

    test('but one may take its own place, or one that is given up', async () => {
      const [first, second] = [await one(), await one()];
      const again = await admissions.admit(play({ counts: 'each' }), first);
      first.close();
      await expect(one()).rejects.toEqual(refused('full'));
      second.giveUpSeat();
      await one();
      await expect(admissions.admit(play({ counts: 'each' }))).rejects.toEqual(refused('full'));
      again.close();
    });

    test('one browser counts once, and so does what fetches piece by piece', async () => {
      const browser = (agent: string) => async () => ({ ...STRANGER, agent });
      const session = (agent: string) =>
        admissions.admit(play({ counts: 'browsers', visitor: browser(agent) }));
      await session('a');
      await session('a');
      await admissions.demandPiece('one', { ...STRANGER, agent: 'a' }, true);
      await admissions.demandPiece('one', { ...STRANGER, agent: 'b' }, true);
      await admissions.demandPiece('one', { ...STRANGER, agent: 'b' }, true);
      await expect(session('c')).rejects.toEqual(refused('full'));
      const piece = admissions.demandPiece('one', { ...STRANGER, agent: 'c' }, true);
      await expect(piece).rejects.toEqual(refused('full'));
      await admissions.demandPiece('one', { ...STRANGER, agent: 'c' }, false);
    });
  });

  test('nothing is asked after the end', async () => {
    await admissions.admit(play());
    const before = asked;
    admissions.close();
    admissions.close();
    admissions.check();
    tell();
    expect([asked, admissions.count, follows]).toEqual([before, 0, []]);
    await expect(admissions.admit(play())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
