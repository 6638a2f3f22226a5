/** Where nobody says it. */
const USUAL_FRAMES_PER_SECOND = 25;

/**
 * Where to seek to for the picture that is so many on from the one shown at a time, or back: into the middle of its time,
 * which no rounding misses. Seconds.
 */
export function steppedTime(
  frames: number,
  { currentTime, duration }: { currentTime: number; duration: number },
  framesPerSecond: number | null | undefined,
): number {
  const rate = framesPerSecond || USUAL_FRAMES_PER_SECOND;
  // A picture's own time may come out just below it.
  const present = Math.floor(currentTime * rate + 0.001);
  const last = Number.isFinite(duration) ? Math.max(0, Math.ceil(duration * rate) - 1) : Infinity;
  return (Math.min(last, Math.max(0, present + frames)) + 0.5) / rate;
}
