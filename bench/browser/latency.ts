import type { FrameReading } from './frame-log.ts';

/**
 * Milliseconds that a frame of the demo has been underway: frame `n` of a clip that repeats in step
 * with the wall clock is due when that clock stands at `n` frames' time in its period.
 */
export function loopLatencyMs(
  { value, displayMs }: { value: number; displayMs: number },
  { framesPerSecond, periodMs }: { framesPerSecond: number; periodMs: number },
): number {
  const sinceDue = (displayMs - (value * 1000) / framesPerSecond) % periodMs;
  // Shown before it was due: by clocks that differ a little, not by nearly a whole period.
  return sinceDue > periodMs / 2 ? sinceDue - periodMs : sinceDue;
}

/** Milliseconds from drawing to display of every frame that was read. */
export function drawnLatenciesMs(
  readings: readonly FrameReading[],
  drawnMs: ReadonlyMap<number, number>,
): number[] {
  return readings.flatMap(({ value, displayMs }) => {
    const drawn = value === null ? undefined : drawnMs.get(value);
    return drawn === undefined ? [] : [displayMs - drawn];
  });
}
