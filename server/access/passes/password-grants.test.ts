import { beforeAll, describe, expect, test } from '@jest/globals';
import { hashPassword } from '../passwords.ts';
import { FewAtOnce } from './few-at-once.ts';
import { PasswordGrants, type StoredPassword } from './password-grants.ts';
import { UnlockLimits, WRONG_BY_ADDRESS, WRONG_BY_THING } from './unlock-limits.ts';

const RIGHT = 'open sesame';
const ADDRESS = '192.0.2.1';

describe('what a password is answered with', () => {
  let hash = '';
  let stored: Record<string, StoredPassword>;
  let wrong = 0;

  beforeAll(async () => {
    hash = await hashPassword(RIGHT);
  });

  function create(): PasswordGrants {
    wrong = 0;
    stored = { studio: { hash, version: 3 }, open: { hash: undefined, version: 0 } };
    return new PasswordGrants({
      passwordOf: async (thingId) => stored[thingId],
      passes: {
        issueForPassword: async (thingId, version) => ({
          ...{ token: 'a.b.c', id: `${thingId} ${version}`, expiresAt: '' },
        }),
      },
      onWrong: () => {
        wrong += 1;
      },
    });
  }

  test('the right one: a pass for the thing and the present password', async () => {
    const grants = create();
    expect(await grants.unlock('studio', RIGHT, ADDRESS)).toMatchObject({ id: 'studio 3' });
    expect(wrong).toBe(0);
  });

  test.each([
    ['a wrong password', 'studio', 'open Sesame'],
    ['the beginning of it', 'studio', 'open'],
    ['what has no password', 'open', ''],
    ['what is not there', 'missing', RIGHT],
    ['a name of every object', 'constructor', RIGHT],
  ])('%s: the same error', async (_what, thingId, password) => {
    stored = {};
    const error = {
      code: 'unauthorized',
      refusal: 'wrongPassword',
      message: 'The password is wrong.',
    };
    await expect(create().unlock(thingId, password, ADDRESS)).rejects.toMatchObject(error);
    expect(wrong).toBe(1);
  });

  test('takes as long for what is not there as for a wrong password', async () => {
    const grants = create();
    const timeOf = async (thingId: string) => {
      const start = performance.now();
      await grants.unlock(thingId, 'wrong', ADDRESS).catch(() => undefined);
      return performance.now() - start;
    };
    await timeOf('missing');
    const times: Record<string, number[]> = { studio: [], missing: [], open: [] };
    for (let round = 0; round < 5; round += 1) {
      for (const [thingId, all] of Object.entries(times)) all.push(await timeOf(thingId));
    }
    // Without the same work, it would be a hundredth.
    const best = (thingId: string) => Math.min(...(times[thingId] ?? []));
    for (const thingId of ['missing', 'open']) {
      expect(best(thingId)).toBeGreaterThan(best('studio') / 3);
    }
  });

  test('a right one is known again at once, and not after another was set', async () => {
    const grants = create();
    await grants.unlock('studio', RIGHT, ADDRESS);
    const start = performance.now();
    for (let count = 0; count < 200; count += 1) await grants.unlock('studio', RIGHT, ADDRESS);
    const known = performance.now() - start;
    stored['studio'] = { hash: await hashPassword('another'), version: 4 };
    await expect(grants.unlock('studio', RIGHT, ADDRESS)).rejects.toMatchObject({
      refusal: 'wrongPassword',
    });
    const again = performance.now();
    expect(await grants.unlock('studio', 'another', ADDRESS)).toMatchObject({ id: 'studio 4' });
    expect(known / 200).toBeLessThan((performance.now() - again) / 2);
  });

  test('guessing from one address ends soon, also with a right one in between', async () => {
    const grants = create();
    for (let count = 0; count < WRONG_BY_ADDRESS; count += 1) {
      await grants.unlock('studio', `guess ${count}`, ADDRESS).catch(() => undefined);
      if (count < WRONG_BY_ADDRESS - 1) await grants.unlock('studio', RIGHT, ADDRESS);
    }
    const limit = { code: 'tooMany', retryAfterSeconds: expect.any(Number) };
    await expect(grants.unlock('studio', RIGHT, ADDRESS)).rejects.toMatchObject(limit);
    await expect(grants.unlock('open', 'x', ADDRESS)).rejects.toMatchObject(limit);
    expect(await grants.unlock('studio', RIGHT, '192.0.2.2')).toMatchObject({ id: 'studio 3' });
    expect(wrong).toBe(WRONG_BY_ADDRESS);
  });

  test('many guesses at once are counted, too', async () => {
    const grants = create();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 * WRONG_BY_ADDRESS }, () => grants.unlock('studio', 'x', ADDRESS)),
    );
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(wrong).toBe(WRONG_BY_ADDRESS);
  });

  test('of IPv6, neighbours are one', async () => {
    const grants = create();
    const from = (last: number) =>
      grants.unlock('studio', 'x', `2001:db8::${last.toString(16)}`).catch(() => undefined);
    await Promise.all(Array.from({ length: WRONG_BY_ADDRESS }, (_, at) => from(at + 1)));
    await expect(grants.unlock('studio', RIGHT, '2001:db8::ffff')).rejects.toMatchObject({
      code: 'tooMany',
    });
    expect(await grants.unlock('studio', RIGHT, '2001:db8:1::1')).toMatchObject({ id: 'studio 3' });
  });
});

test('guessing from many addresses ends as well, for that thing', async () => {
  const limits = new UnlockLimits();
  for (let count = 0; count < WRONG_BY_THING; count += 1) {
    await limits.attempt(`198.51.100.${count % 250}`, 'studio');
  }
  const limit = { code: 'tooMany', retryAfterSeconds: expect.any(Number) };
  await expect(limits.attempt('203.0.113.1', 'studio')).rejects.toMatchObject(limit);
  await expect(limits.attempt('203.0.113.1', 'radio')).resolves.toBeUndefined();
});

describe('few at once', () => {
  test('so many run, so many wait, the rest is turned away', async () => {
    const turns = new FewAtOnce(2, 3);
    const ends: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
    };
    const all = Array.from({ length: 6 }, () => turns.run(work));
    await expect(all[5]).rejects.toMatchObject({ code: 'overloaded' });
    for (let done = 0; done < 5; done += 1) {
      ends.shift()?.();
      await all[done];
    }
    await Promise.all(all.slice(0, 5));
    expect([most, running]).toEqual([2, 0]);
  });

  test('what fails makes room as well', async () => {
    const turns = new FewAtOnce(1, 1);
    const failing = turns.run(async () => {
      throw new Error('no');
    });
    const next = turns.run(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
