import { expect, test } from '@jest/globals';
import { refusedStreamDelayMs } from './event-retry.ts';

test.each([
  [1, 0, 30_000],
  [1, 1, 40_000],
  [2, 0, 60_000],
  [4, 0, 240_000],
  [1_000, 0, 240_000],
])('refused for the time number %d: again later', (refusals, random, delayMs) => {
  expect(refusedStreamDelayMs(refusals, random)).toBe(delayMs);
});
