import { describe, expect, test } from '@jest/globals';
import { ATTEMPTS_BY_ACCOUNT, ATTEMPTS_BY_ADDRESS, LoginLimits } from './login-limits.ts';

const tooMany = { code: 'tooMany', retryAfterSeconds: expect.any(Number) };

describe('guessing of passwords (6.1.1, 6.3.1)', () => {
  test('from one address: so many attempts, whoever they are for', async () => {
    const limits = new LoginLimits();
    for (let index = 0; index < ATTEMPTS_BY_ADDRESS; index += 1) {
      await limits.attempt('192.0.2.1', `person ${index}`);
    }
    await expect(limits.attempt('192.0.2.1', 'another')).rejects.toMatchObject(tooMany);
    await limits.attempt('192.0.2.2', 'another');
  });

  test('for one account: so many attempts, wherever they come from', async () => {
    const limits = new LoginLimits();
    for (let index = 0; index < ATTEMPTS_BY_ACCOUNT; index += 1) {
      await limits.attempt(`192.0.2.${index}`, 'ada');
    }
    await expect(limits.attempt('198.51.100.1', 'ada')).rejects.toMatchObject(tooMany);
    await limits.attempt('198.51.100.1', 'grace');
  });

  test('one address alone cannot lock somebody out', async () => {
    const limits = new LoginLimits();
    for (let index = 0; index < ATTEMPTS_BY_ADDRESS; index += 1) {
      await limits.attempt('192.0.2.1', 'ada');
    }
    await expect(limits.attempt('192.0.2.1', 'ada')).rejects.toMatchObject(tooMany);
    await limits.attempt('192.0.2.2', 'ada');
  });

  test('attempts that come at once are counted, too', async () => {
    const limits = new LoginLimits();
    const attempts = Array.from({ length: 3 * ATTEMPTS_BY_ADDRESS }, () =>
      limits.attempt('192.0.2.1', 'ada').then(
        () => 'taken',
        () => 'refused',
      ),
    );
    const taken = (await Promise.all(attempts)).filter((outcome) => outcome === 'taken');
    expect(taken).toHaveLength(ATTEMPTS_BY_ADDRESS);
  });

  test('a right password in between does not buy an address more guesses than itself', async () => {
    const limits = new LoginLimits();
    let guesses = 0;
    const guess = async () => {
      await limits.attempt('192.0.2.1', 'ada');
      guesses += 1;
      await limits.attempt('192.0.2.1', 'mallory');
      await limits.succeeded('192.0.2.1', 'mallory');
    };
    await expect(
      (async () => {
        for (;;) await guess();
      })(),
    ).rejects.toMatchObject(tooMany);
    expect(guesses).toBeLessThanOrEqual(ATTEMPTS_BY_ADDRESS);
  });
});
