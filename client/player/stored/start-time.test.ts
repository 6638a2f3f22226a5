import { describe, expect, test } from '@jest/globals';
import { startTime } from './start-time.ts';

describe('startTime', () => {
  test.each([
    ['90', 90],
    ['90.5', 90.5],
    ['90s', 90],
    ['1m30s', 90],
    ['2m', 120],
    ['1h2m3s', 3_723],
    ['1:30', 90],
    ['1:02:03', 3_723],
    ['-5', 0],
    ['soon', 0],
    ['', 0],
    [null, 0],
  ])('%s is %s seconds', (text, seconds) => {
    expect(startTime(text)).toBe(seconds);
  });
});
