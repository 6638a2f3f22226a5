import { describe, expect, test } from '@jest/globals';
import { ClockWatch } from './clock-watch.ts';

/** 50 packets a second for so long; each comes `lateMs` after it was made. */
function driftOf(speed: number, seconds: number, lateMs: (atMs: number) => number) {
  const watch = new ClockWatch(90_000);
  for (let atMs = 0; atMs < seconds * 1_000; atMs += 20) {
    watch.take(atMs * 90 * speed, atMs + lateMs(atMs));
  }
  return watch.driftFraction;
}

describe('ClockWatch', () => {
  test.each([
    [1, 0],
    [1.2, 0.2],
    [0.8, -0.2],
    [1 / 90, -0.989],
  ])('a clock that runs at %f of ours', (speed, drift) => {
    expect(driftOf(speed, 6, () => 0)).toBeCloseTo(drift, 2);
  });

  test('nothing is said too early', () => {
    expect(driftOf(1.2, 3, () => 0)).toBeUndefined();
    expect(new ClockWatch(90_000).driftFraction).toBeUndefined();
  });

  test('late packets are no wrong clock', () => {
    const jitter = driftOf(1, 6, (atMs) => (atMs % 7) * 40);
    expect(Math.abs(jitter ?? 1)).toBeLessThan(0.01);
    // The server does not get to them for most of a second.
    const stalled = driftOf(1, 6, (atMs) => Math.max(0, 900 - atMs));
    expect(Math.abs(stalled ?? 1)).toBeLessThan(0.02);
  });
});
