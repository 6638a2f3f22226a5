import { describe, expect, test } from '@jest/globals';
import { activeAt, nextChange } from './active-cues.ts';

const cues = [
  { startTime: 1, endTime: 5 },
  { startTime: 4, endTime: 6 },
  { startTime: 8, endTime: Infinity },
];

describe.each([
  [0, [], 1],
  [1, [0], 4],
  [4.5, [0, 1], 5],
  [5, [1], 6],
  [6, [], 8],
  [9, [2], null],
] as const)('at %d s', (time, active, next) => {
  test('which are shown', () => {
    expect(activeAt(cues, time)).toEqual(active.map((index) => cues[index]));
  });
  test('when that changes', () => {
    expect(nextChange(cues, time)).toBe(next);
  });
});
