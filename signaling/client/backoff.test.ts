import { describe, expect, test } from '@jest/globals';
import { retryDelayMs } from './backoff.ts';

describe('retryDelayMs', () => {
  test.each([
    // failures, random, asked, expected
    [0, 0, 0, 100],
    [0, 1, 0, 300],
    [0, 0.5, 1_000, 1_100],
    [1, 0, 0, 250],
    [1, 1, 0, 500],
    [2, 1, 0, 1_000],
    [3, 0, 0, 1_000],
    [4, 1, 0, 4_000],
    [5, 1, 0, 5_000],
    [1_000, 1, 0, 5_000],
    [1_000, 0, 0, 2_500],
    [2, 0, 3_000, 3_000],
  ])('after %i failures, random %d, asked %i ms: %i ms', (failures, random, asked, expected) => {
    expect(retryDelayMs(failures, random, asked)).toBe(expected);
  });
});
