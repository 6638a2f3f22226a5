import type { CaptureReference, ChannelInfo } from '../../../signaling/contract/index.ts';

/** RTP clock of every video format (RFC 6184 section 8.2.1 and its like), ticks a millisecond. */
const VIDEO_TICKS_PER_MS = 90;

/** When the picture of another RTP timestamp was captured. The clock is 32 bits wide and wraps around. */
export function captureTimeMs(
  { rtpTimestamp, captureMs }: CaptureReference,
  ofRtpTimestamp: number,
) {
  const ticks = (ofRtpTimestamp - rtpTimestamp) | 0;
  return captureMs + ticks / VIDEO_TICKS_PER_MS;
}

/**
 * How far the clock that capture times are told by is ahead of the local one, milliseconds; null where that is
 * not known. A file on air goes by the server's clock, a broadcast page has measured its own against that, and an
 * encoder's is known where it can be right or the round trip to it is known (docs/adaptation.md).
 *
 * @param offsetMs the server's clock less the local one
 */
export function captureClockAheadMs(
  offsetMs: number | null,
  publisher: ChannelInfo['publisher'],
): number | null {
  if (offsetMs === null || publisher === undefined) return null;
  if (publisher.kind === 'playout') return offsetMs;
  return publisher.clockOffsetMs === undefined ? null : offsetMs - publisher.clockOffsetMs;
}

/**
 * Milliseconds from the capture of a picture to its being shown, by what the source's Sender Reports say; null
 * where that is not known. The stream that the picture comes from has its own RTP clock, begun at random, and by
 * those of others it would be hours old or not captured yet.
 *
 * @param aheadMs how far the sender's clock is ahead of the local one: `captureClockAheadMs`
 */
export function reportedLatencyMs(
  references: readonly CaptureReference[],
  shown: { atMs: number; rtpTimestamp: number },
  aheadMs: number | null,
): number | null {
  const found = references.flatMap((reference) => {
    const ageMs = shown.atMs - captureTimeMs(reference, shown.rtpTimestamp);
    return latencyMs(ageMs, aheadMs) ?? [];
  });
  return found.length === 0 ? null : Math.min(...found);
}

/** More than this is a wrong clock and no delay. */
const PLAUSIBLE_MS = { least: -50, most: 60_000 };

/**
 * Milliseconds from the capture of a picture to its being shown, null where that is not known. The sender's
 * clock is taken for the server's, which is true of everything that the server itself puts on air.
 *
 * @param ageMs when it was shown, by the local clock, less when it was captured, by the sender's
 * @param offsetMs the server's clock less the local one
 */
export function latencyMs(ageMs: number | null, offsetMs: number | null): number | null {
  if (ageMs === null || offsetMs === null) return null;
  const latency = ageMs + offsetMs;
  if (latency < PLAUSIBLE_MS.least || latency > PLAUSIBLE_MS.most) return null;
  return Math.max(0, latency);
}
