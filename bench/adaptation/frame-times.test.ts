import { describe, expect, test } from '@jest/globals';
import {
  frozenMs,
  heightAfterMs,
  longestGapMs,
  lowerAfterMs,
  type PresentedFrame,
  shareAtLeast,
} from './frame-times.ts';

/** 720 to 1000, a gap, 180 from 1500 to 2000, then 720 again. */
const FRAMES: PresentedFrame[] = [
  ...times(0, 1000, 100).map((atMs) => ({ atMs, height: 720 })),
  ...times(1500, 2000, 50).map((atMs) => ({ atMs, height: 180 })),
  ...times(2050, 3000, 50).map((atMs) => ({ atMs, height: 720 })),
];

function times(fromMs: number, toMs: number, stepMs: number): number[] {
  return Array.from({ length: (toMs - fromMs) / stepMs + 1 }, (_, step) => fromMs + step * stepMs);
}

describe('what was seen of a cut', () => {
  test('when the lower Layer came, and the higher one again', () => {
    expect(lowerAfterMs(FRAMES, 900)).toBe(600);
    expect(lowerAfterMs(FRAMES, 2100)).toBeNull();
    expect(heightAfterMs(FRAMES, 1600, 720)).toBe(450);
    expect(heightAfterMs(FRAMES, 1600, 1080)).toBeNull();
  });

  test('how long it stood still', () => {
    expect(longestGapMs(FRAMES, 900, 3000)).toBe(500);
    expect(frozenMs(FRAMES, 0, 3000)).toBe(500);
    expect(frozenMs(FRAMES, 1600, 3000)).toBe(0);
  });

  test('how much of the time a Layer was on the screen', () => {
    expect(shareAtLeast(FRAMES, 1500, 2500, 720)).toBeCloseTo(0.45);
    expect(shareAtLeast(FRAMES, 1500, 2500, 180)).toBe(1);
  });
});
