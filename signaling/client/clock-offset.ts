/** One look at the server's clock; local times in milliseconds since the Unix epoch by the local clock. */
export type ClockSample = { sentMs: number; receivedMs: number; serverTimeMs: number };

/**
 * How far the server's clock is ahead of the local one, milliseconds, by the sample with the shortest round
 * trip: the error is at most half of that (RFC 5905 section 8, its clock filter). Null without samples.
 */
export function clockOffsetMs(samples: readonly ClockSample[]): number | null {
  let best: ClockSample | null = null;
  for (const sample of samples) {
    if (best === null || roundTripMs(sample) < roundTripMs(best)) best = sample;
  }
  if (best === null) return null;
  return best.serverTimeMs - (best.sentMs + best.receivedMs) / 2;
}

const roundTripMs = ({ sentMs, receivedMs }: ClockSample) => receivedMs - sentMs;
