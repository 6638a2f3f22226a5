import { expect, test } from '@jest/globals';
import { isTimeToLook, nextLookMs } from './way-pace.ts';

test('while it plays, it is looked for ever more rarely', () => {
  expect([0, 1, 2, 3, 4, 50].map((failures) => nextLookMs(failures) / 1_000)).toEqual([
    60, 120, 240, 480, 600, 600,
  ]);
});

test.each([
  ['never looked', null, 0, true],
  ['a moment ago', 1_000, 1, false],
  ['a while ago', 5_000, 1, true],
  ['a while ago, and it failed often', 5_000, 4, false],
  ['a minute ago, however often it failed', 60_000, 20, true],
])('a pause: %s', (_name, sinceMs, failures, expected) => {
  expect(isTimeToLook(sinceMs, failures)).toBe(expected);
});
