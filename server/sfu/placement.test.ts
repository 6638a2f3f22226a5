import { describe, expect, test } from '@jest/globals';
import { PIPE_COST, placeBroadcast, placeViewer } from './placement.ts';

const loads = (...values: number[]) => values.map((load, index) => ({ index, load }));

describe('placeBroadcast', () => {
  test.each([
    ['no Worker is alive', [], undefined],
    ['the first among equals', loads(0, 0), 0],
    ['the least loaded', loads(9, 3, 5), 1],
  ])('%s', (_name, workers, expected) => {
    expect(placeBroadcast(workers)).toBe(expected);
  });
});

describe('placeViewer', () => {
  test.each([
    ['no Worker is alive', [], [], undefined],
    ['stays where the Channel is', loads(10, 0), [0], 0],
    ['stays while a pipe would cost as much', loads(PIPE_COST, 0), [0], 0],
    ['moves once a pipe costs less', loads(PIPE_COST + 1, 0), [0], 1],
    ['uses a pipe that is there', loads(40, 30, 0), [0, 1], 2],
    ['prefers the lighter of two that have it', loads(12, 10, 0), [0, 1], 1],
    ['any Worker while the Channel is off air', loads(5, 2), [], 1],
    ['keeps to those alive', [{ index: 1, load: 90 }], [0], 1],
  ])('%s', (_name, workers, present, expected) => {
    expect(placeViewer(workers, new Set(present))).toBe(expected);
  });
});
