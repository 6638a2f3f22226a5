import { expect, test } from '@jest/globals';
import { isDue } from './reading-along.ts';

const usual = { flow: 200_000, flowBefore: 200_000, layers: 3 };

test.each([
  ['just read', { ...usual, readings: 6 }, false],
  ['several Layers that flow as before', { ...usual, readings: 119 }, false],
  ['the same, two minutes later', { ...usual, readings: 120 }, true],
  ['one Layer, half a minute later', { ...usual, layers: 1, readings: 30 }, true],
  ['much less than before: black, perhaps', { ...usual, flow: 40_000, readings: 30 }, true],
  ['much more than before', { ...usual, flow: 600_000, readings: 30 }, true],
  ['much less, but only just read', { ...usual, flow: 40_000, readings: 29 }, false],
])('packets are read along again: %s', (_what, reading, expected) => {
  expect(isDue(reading)).toBe(expected);
});
