/**
 * The one timeline of a stream: where in the broadcast a moment of the machine's monotonic clock is,
 * and what that is on each RTP clock. Positions are seconds since the broadcast's first frame and
 * grow without end; loops are only a matter of which frame lies at a position.
 *
 * Everything is computed from the anchor, nothing is added up, so no rounding gathers.
 */
export type PlayoutClock = {
  /** Seconds of broadcast at this moment (milliseconds of the monotonic clock). */
  positionAt(nowMs: number): number;
  /** The moment of a position, milliseconds of the monotonic clock. */
  momentOf(position: number): number;
  /** The wall clock at a moment, milliseconds since the Unix epoch. Never jumps. */
  epochAt(nowMs: number): number;
};

export type ClockAnchor = {
  /** Milliseconds of the monotonic clock at which the broadcast stands at `position`. */
  nowMs: number;
  /** Milliseconds since the Unix epoch at the same moment. */
  epochMs: number;
  /** Seconds. */
  position: number;
};

export function createPlayoutClock({ nowMs, epochMs, position }: ClockAnchor): PlayoutClock {
  return {
    positionAt: (now) => position + (now - nowMs) / 1000,
    momentOf: (at) => nowMs + (at - position) * 1000,
    epochAt: (now) => epochMs + (now - nowMs),
  };
}

/** The RTP timestamp of a position, modulo 2^32, on a clock that began at a random offset. */
export function rtpTimestamp(position: number, clockRate: number, offset: number): number {
  const ticks = (offset + Math.round(position * clockRate)) % 2 ** 32;
  return ticks < 0 ? ticks + 2 ** 32 : ticks;
}

/** Where a broadcast of this period stands so that it repeats in step with the wall clock. */
export function wallClockPosition(epochMs: number, period: number): number {
  return (epochMs / 1000) % period;
}
