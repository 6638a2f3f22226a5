import { describe, expect, test } from '@jest/globals';
import { failedLately, rememberWay, type WayMemory } from './way-memory.ts';

const HOUR_MS = 3_600_000;
const now = 1_000 * HOUR_MS;

describe('failedLately', () => {
  test.each<[string, WayMemory, boolean]>([
    ['nothing is known', {}, false],
    ['an hour ago', { wifi: { outcome: 'noConnection', atMs: now - HOUR_MS } }, true],
    ['two days ago', { wifi: { outcome: 'noConnection', atMs: now - 48 * HOUR_MS } }, false],
    ['tomorrow: the clock was wrong', { wifi: { outcome: 'noPicture', atMs: now + 1 } }, false],
    ['it got through', { wifi: { outcome: 'through', atMs: now } }, false],
    ['on another network', { ethernet: { outcome: 'noSignaling', atMs: now } }, false],
  ])('%s', (_name, memory, expected) => {
    expect(failedLately(memory, 'wifi', now)).toBe(expected);
  });
});

describe('rememberWay', () => {
  const before: WayMemory = {
    old: { outcome: 'noConnection', atMs: now - 25 * HOUR_MS },
    wifi: { outcome: 'noConnection', atMs: now - HOUR_MS },
  };

  test('the new takes the place of what was, the old goes', () => {
    const memory = rememberWay(before, { kind: 'wifi', outcome: 'through', nowMs: now });
    expect(memory).toEqual({ wifi: { outcome: 'through', atMs: now } });
  });

  test.each(['refused', 'noRoom', 'brokeOff', 'notSupported'] as const)(
    '%s is no fault of the network',
    (outcome) => {
      expect(rememberWay(before, { kind: 'wifi', outcome, nowMs: now })).toEqual({
        wifi: before['wifi'],
      });
    },
  );
});
