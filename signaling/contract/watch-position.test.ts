import { expect, test } from '@jest/globals';
import { worthKeeping } from './watch-position.ts';

test.each([
  ['a film, in its middle', 700, 'video', 5_400, 700],
  ['hardly begun', 4.9, 'video', 5_400, 0],
  ['begun', 5, 'video', 5_400, 5],
  ['nothing left but credits', 5_292, 'video', 5_400, 0],
  ['just before them', 5_291, 'video', 5_400, 5_291],
  ['the end', 5_400, 'video', 5_400, 0],
  ['the last seconds of a short film', 56, 'video', 61, 0],
  ['just before them', 55, 'video', 61, 55],
  ['a clip', 30, 'video', 59, 0],
  ['a song', 100, 'audio', 240, 0],
  ['a lecture', 100, 'audio', 2_400, 100],
  ['an image', 10, 'image', 1_000, 0],
  ['what was not looked at yet', 10, null, 1_000, 0],
  ['of unknown length', 10, 'video', undefined, 0],
] as const)('%s: %d s', (_what, seconds, kind, duration, kept) => {
  expect(worthKeeping(seconds, { kind, duration })).toBe(kept);
});
