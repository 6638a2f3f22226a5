import { describe, expect, test } from '@jest/globals';
import { retryDelayMs, tryLimitMs } from './backoff.ts';

describe('retryDelayMs', () => {
  test.each([
    [{ failures: 0, random: 0 }, 100],
    [{ failures: 0, random: 1 }, 300],
    [{ failures: 0, random: 0.5, askedMs: 1_000 }, 1_100],
    [{ failures: 1, random: 0 }, 250],
    [{ failures: 1, random: 1 }, 500],
    [{ failures: 2, random: 1 }, 1_000],
    [{ failures: 3, random: 0 }, 750],
    [{ failures: 9, random: 1 }, 1_500],
    [{ failures: 10, random: 1 }, 2_500],
    [{ failures: 23, random: 0 }, 1_250],
    [{ failures: 24, random: 1 }, 5_000],
    [{ failures: 1_000, random: 0 }, 2_500],
    [{ failures: 2, random: 0, askedMs: 3_000 }, 3_000],
    [{ failures: 5, random: 1, spentMs: 1_000 }, 500],
    [{ failures: 5, random: 1, spentMs: 2_000 }, 300],
    [{ failures: 5, random: 0, spentMs: 2_000 }, 100],
    [{ failures: 0, random: 0, offline: true }, 5_000],
  ])('%j: %i ms', (lost, expected) => {
    expect(retryDelayMs(lost)).toBe(expected);
  });

  test('half a minute of refusals costs at most twenty-two tries', () => {
    let waitedMs = 0;
    let failures = 0;
    for (; waitedMs < 30_000; failures += 1) waitedMs += retryDelayMs({ failures, random: 0.5 });
    expect(failures).toBeLessThanOrEqual(22);
  });
});

describe('tryLimitMs', () => {
  test.each([
    ['a first connection has all the time', 0, undefined, 8_000],
    ['also after failures', 5, undefined, 8_000],
    ['a quick link is given two seconds', 0, 20, 2_000],
    ['a slow one four times what it takes', 3, 900, 3_600],
    ['never more than a first connection', 3, 3_000, 8_000],
    ['after many failures every second try is patient', 12, 20, 8_000],
    ['and the others are not', 13, 20, 2_000],
  ])('%s', (_name, failures, usualMs, expected) => {
    expect(tryLimitMs(failures, usualMs, 8_000)).toBe(expected);
  });
});
