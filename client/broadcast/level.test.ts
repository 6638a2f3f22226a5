import { describe, expect, test } from '@jest/globals';
import { levelOf, levelWords, smoothed } from './level.ts';

describe('levelOf', () => {
  test.each([
    [[], 0],
    [[0, 0], 0],
    [[1, -1], 1],
    [[0.1, -0.1], 2 / 3],
    [[0.001, -0.001], 0],
  ])('%j', (samples, level) => {
    expect(levelOf(samples)).toBeCloseTo(level, 5);
  });
});

test.each([
  [0.2, 0.8, 100, 0.8],
  [0.8, 0.2, 150, 0.7],
  [0.1, 0, 1_000, 0],
])('smoothed %d %d %d', (before, now, elapsedMs, expected) => {
  expect(smoothed(before, now, elapsedMs)).toBeCloseTo(expected, 5);
});

test.each([
  [0, 'silent'],
  [0.2, 'quiet'],
  [0.7, 'good'],
  [1, 'too loud'],
])('levelWords %d: %s', (level, words) => {
  expect(levelWords(level)).toBe(words);
});
