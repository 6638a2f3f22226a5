/** A picture that was presented: when, milliseconds of the page's clock, and how tall it was, pixels. */
export type PresentedFrame = { atMs: number; height: number };

/** Between two pictures more than this is a standstill that a person notices, milliseconds (WebRTC's own measure). */
const FREEZE_MS = 183;

/** When the first smaller picture was presented after a moment, milliseconds from it; null: none was. */
export function lowerAfterMs(frames: readonly PresentedFrame[], sinceMs: number): number | null {
  const before = frames.findLast(({ atMs }) => atMs <= sinceMs);
  const lower = frames.find(
    ({ atMs, height }) => atMs > sinceMs && before !== undefined && height < before.height,
  );
  return lower === undefined ? null : lower.atMs - sinceMs;
}

/** When the first picture of this height was presented after a moment, milliseconds from it; null: none was. */
export function heightAfterMs(
  frames: readonly PresentedFrame[],
  sinceMs: number,
  height: number,
): number | null {
  const found = frames.find((frame) => frame.atMs > sinceMs && frame.height >= height);
  return found === undefined ? null : found.atMs - sinceMs;
}

/** The longest time without a new picture that began between two moments, milliseconds. */
export function longestGapMs(
  frames: readonly PresentedFrame[],
  fromMs: number,
  toMs: number,
): number {
  return Math.max(0, ...gaps(frames, fromMs, toMs));
}

/** How long the picture stood still between two moments, freezes only, milliseconds. */
export function frozenMs(frames: readonly PresentedFrame[], fromMs: number, toMs: number): number {
  return gaps(frames, fromMs, toMs)
    .filter((gap) => gap > FREEZE_MS)
    .reduce((sum, gap) => sum + gap, 0);
}

/** Share of the time between two moments that pictures of at least this height were shown, 0 to 1. */
export function shareAtLeast(
  frames: readonly PresentedFrame[],
  fromMs: number,
  toMs: number,
  height: number,
): number {
  let shownMs = 0;
  for (const [index, frame] of frames.entries()) {
    const endMs = Math.min(toMs, frames[index + 1]?.atMs ?? toMs);
    const beginMs = Math.max(fromMs, frame.atMs);
    if (frame.height >= height && endMs > beginMs) shownMs += endMs - beginMs;
  }
  return shownMs / (toMs - fromMs);
}

function gaps(frames: readonly PresentedFrame[], fromMs: number, toMs: number): number[] {
  return frames.flatMap(({ atMs }, index) => {
    const next = frames[index + 1]?.atMs;
    const counts = next !== undefined && next > fromMs && atMs < toMs;
    return counts ? [next - atMs] : [];
  });
}
