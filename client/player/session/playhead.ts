import type { Playhead } from '../../../signaling/contract/index.ts';

/** Ticks of the picture's RTP clock in a second, and in a millisecond. */
const TICKS_PER_SECOND = 90_000;
const TICKS_PER_MS = 90;
/** How far ahead of the moment a picture's timestamp may be. More than that, and it is of another Session. */
const LEAD_MS = 10_000;
/** Half of what 32 bits can tell apart is 6.6 hours; long before that a playhead is moved on. */
const TICKS_MOVED_ON = 2 ** 29;

/**
 * What a picture is to a Session: `before` the wanted one (of what was before, or needed for decoding only), `wanted`: it
 * or one after it, or `alien`: of another Session, whose clock has nothing to do with this one.
 */
export type Standing = 'before' | 'wanted' | 'alien';

/** From one RTP timestamp to another, below 0 where that is the earlier one: they are 32 bits wide and wrap around. */
export function ticksBetween(from: number, to: number): number {
  return (to - from) | 0;
}

/** @param elapsedMs since the playhead became known */
export function standingOf(
  { rtpTimestamp: wanted }: Pick<Playhead, 'rtpTimestamp'>,
  rtpTimestamp: number,
  elapsedMs: number,
): Standing {
  const ticks = ticksBetween(wanted, rtpTimestamp);
  if (ticks < 0) return 'before';
  return ticks <= (elapsedMs + LEAD_MS) * TICKS_PER_MS ? 'wanted' : 'alien';
}

type Line = Pick<Playhead, 'position' | 'rate' | 'rtpTimestamp'>;

/** The time in the Asset of a picture that is not before the wanted one, seconds. */
export function positionAt({ position, rate, rtpTimestamp }: Line, timestamp: number): number {
  const ticks = Math.max(0, ticksBetween(rtpTimestamp, timestamp));
  return position + (rate * ticks) / TICKS_PER_SECOND;
}

/** The same line of time, told by a later picture: for as long as it goes on, timestamps can be told apart. */
export function movedOn<L extends Line>(line: L, timestamp: number): L {
  if (ticksBetween(line.rtpTimestamp, timestamp) < TICKS_MOVED_ON) return line;
  return { ...line, position: positionAt(line, timestamp), rtpTimestamp: timestamp };
}

/** Which of two was asked for later? */
export function isNewer(playhead: Playhead, than: Playhead | null): boolean {
  return than === null || playhead.change > than.change;
}
