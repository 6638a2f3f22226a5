import { expect, test } from '@jest/globals';
import { skewsOf } from './lip-sync.ts';

const RATE = 25;

/** Pictures 480 to 529 from a moment on, and the beep that belongs to number 500. */
function presented(latePicturesMs: number, outputDelayMs: number | null) {
  const pictures = Array.from({ length: 50 }, (_, index) => ({
    atMs: 10_000 + index * 40 + latePicturesMs,
    number: 480 + index,
    height: 360,
  }));
  return { pictures, beepsMs: [10_800], outputDelayMs, longestSilenceMs: 0 };
}

test.each([
  ['together', 0, null, 0],
  ['the picture later', 30, null, 30],
  ['the sound later', -30, null, -30],
  ['the sound on its way through the output', 30, 30, 0],
])('%s', (_name, lateMs, delayMs, skewMs) => {
  expect(skewsOf(presented(lateMs, delayMs), RATE)).toEqual([skewMs]);
});

test('a beep without pictures says nothing', () => {
  expect(skewsOf({ ...presented(0, null), beepsMs: [20_000] }, RATE)).toEqual([]);
});
