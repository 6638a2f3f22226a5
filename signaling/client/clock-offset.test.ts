import { describe, expect, test } from '@jest/globals';
import { clockOffsetMs } from './clock-offset.ts';

describe('clockOffsetMs', () => {
  test('no sample, no offset', () => {
    expect(clockOffsetMs([])).toBeNull();
  });

  test('the shortest round trip is believed', () => {
    expect(
      clockOffsetMs([
        { sentMs: 1_000, receivedMs: 1_400, serverTimeMs: 6_390 },
        { sentMs: 2_000, receivedMs: 2_010, serverTimeMs: 7_005 },
        { sentMs: 3_000, receivedMs: 3_100, serverTimeMs: 8_001 },
      ]),
    ).toBe(5_000);
  });
});
