import { describe, expect, test } from '@jest/globals';
import { drawnLatenciesMs, loopLatencyMs } from './latency.ts';

const LOOP = { framesPerSecond: 30, periodMs: 60_000 };

describe('glass to glass', () => {
  test('is the time since the wall clock stood at the frame', () => {
    const dueMs = 1_000_020_000 + (45 * 1000) / 30;
    expect(loopLatencyMs({ value: 45 + 600, displayMs: dueMs + 20_000 + 80 }, LOOP)).toBeCloseTo(
      80,
    );
  });

  test('goes on over the seam of the loop, and a little below zero', () => {
    const seamMs = 60_000 * 1000;
    expect(loopLatencyMs({ value: 1799, displayMs: seamMs + 50 }, LOOP)).toBeCloseTo(83.33);
    expect(loopLatencyMs({ value: 0, displayMs: seamMs - 5 }, LOOP)).toBeCloseTo(-5);
  });

  test('of a drawn frame is the time since it was drawn; what was not read does not count', () => {
    const readings = [
      { value: 1, displayMs: 140, height: 720 },
      { value: null, displayMs: 170, height: 720 },
      { value: 9, displayMs: 190, height: 720 },
    ];
    expect(drawnLatenciesMs(readings, new Map([[1, 100]]))).toEqual([40]);
  });
});
