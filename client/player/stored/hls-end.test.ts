import { expect, test } from '@jest/globals';
import { waitsAtTheEnd } from './hls-end.ts';

const stuck = { currentTime: 19.9, duration: 20, readyState: 2, bufferedEnd: 20 };

test.each<[string, Partial<typeof stuck>, boolean]>([
  ['in the last piece, with all of it there', {}, true],
  ['its sound is a little shorter', { bufferedEnd: 19.8 }, true],
  ['it plays', { readyState: 3 }, false],
  ['the last piece is still to come', { bufferedEnd: 19 }, false],
  ['it waits for another piece', { currentTime: 12 }, false],
  ['nothing is known yet', { duration: Number.NaN }, false],
])('%s', (_what, facts, waits) => {
  expect(waitsAtTheEnd({ ...stuck, ...facts })).toBe(waits);
});
