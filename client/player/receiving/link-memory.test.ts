import { describe, expect, test } from '@jest/globals';
import { rememberLink, startBitrate } from './link-memory.ts';
import { networkKind, readNetwork } from '../device/network.ts';

const DAY_MS = 24 * 3_600_000;
const now = 100 * DAY_MS;

describe('startBitrate', () => {
  test.each([
    ['a little less than last time', 2_000_000, DAY_MS, 1_600_000],
    ['at least what the contract allows', 1_000, 0, 100_000],
    ['at most that', 1e9, 0, 20_000_000],
    ['a week old', 2_000_000, 8 * DAY_MS, undefined],
    ['of tomorrow: the clock was wrong', 2_000_000, -DAY_MS, undefined],
  ])('%s', (_name, bitrate, ageMs, expected) => {
    const memory = { wifi: { bitrate, atMs: now - ageMs } };
    expect(startBitrate(memory, 'wifi', now)).toBe(expected);
  });

  test('another kind of network is another matter', () => {
    expect(startBitrate({ wifi: { bitrate: 2e6, atMs: now } }, 'cellular/3g', now)).toBeUndefined();
  });
});

test('rememberLink: the new one is added, old ones go', () => {
  const memory = {
    old: { bitrate: 1, atMs: now - 8 * DAY_MS },
    wifi: { bitrate: 2, atMs: now - DAY_MS },
  };
  expect(rememberLink(memory, { kind: 'ethernet', bitrate: 3, nowMs: now })).toEqual({
    wifi: { bitrate: 2, atMs: now - DAY_MS },
    ethernet: { bitrate: 3, atMs: now },
  });
});

describe('networks', () => {
  test.each([
    [undefined, 'unknown'],
    [{ effectiveType: '4g', saveData: true }, '4g'],
    [{ type: 'wifi', effectiveType: '3g' }, 'wifi/3g'],
    [{ type: 'unknown', effectiveType: '9g' }, 'unknown'],
  ])('%j is %s', (connection, expected) => {
    expect(networkKind(readNetwork(connection))).toBe(expected);
  });

  test('only a true saveData saves data', () => {
    expect(readNetwork({ saveData: true }).saveData).toBe(true);
    expect(readNetwork({ saveData: 'yes' }).saveData).toBe(false);
  });
});
