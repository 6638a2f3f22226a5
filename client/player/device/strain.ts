import type { DeviceReport } from '../../../signaling/contract/index.ts';
import type { StreamFigures } from '../figures/statistics.ts';

/** What the browser has counted at one moment. */
export type DecodingCount = { atMs: number } & Pick<
  StreamFigures,
  'framesReceived' | 'framesDropped' | 'framesDecoded' | 'decodeSeconds' | 'hardwareDecoder'
>;

export type Strain = Pick<DeviceReport, 'droppedFraction' | 'decodeLoad'>;

export const NO_STRAIN: Strain = { droppedFraction: 0, decodeLoad: 0 };

/** Long enough that one dropped picture is a small share, short enough to notice a device that fails. */
const WINDOW_MS = 2_000;
/** Fewer pictures tell nothing. */
const FEWEST_PICTURES = 10;

/** The counts that the next strain is made of: those of the last two seconds, of one stream. */
export function withCount(
  counts: readonly DecodingCount[],
  count: DecodingCount,
): readonly DecodingCount[] {
  const last = counts.at(-1);
  // Counters that went backwards belong to another stream.
  if (last !== undefined && count.framesReceived < last.framesReceived) return [count];
  const recent = counts.findLastIndex(({ atMs }) => count.atMs - atMs >= WINDOW_MS);
  return [...counts.slice(Math.max(0, recent)), count];
}

/** How hard the decoder has to work. */
export function strainOf(counts: readonly DecodingCount[]): Strain {
  const [first, last] = [counts[0], counts.at(-1)];
  if (first === undefined || last === undefined) return NO_STRAIN;
  const elapsedMs = last.atMs - first.atMs;
  const received = last.framesReceived - first.framesReceived;
  if (elapsedMs < WINDOW_MS || received < FEWEST_PICTURES) return NO_STRAIN;
  return {
    droppedFraction: usualDropped(counts),
    decodeLoad: last.hardwareDecoder ? 0 : decodeLoad(first, last, received, elapsedMs),
  };
}

/**
 * The median of the looks: a device that is too slow drops all the time. What comes in a burst after a stall of
 * the link is dropped too, because it is late, and that says nothing of the device.
 */
function usualDropped(counts: readonly DecodingCount[]): number {
  const shares = counts.slice(1).map((count, index) => {
    const before = counts[index] ?? count;
    const received = count.framesReceived - before.framesReceived;
    const dropped = count.framesDropped - before.framesDropped;
    return received > 0 ? Math.max(0, dropped / received) : 0;
  });
  return shares.toSorted((a, b) => a - b)[Math.floor((shares.length - 1) / 2)] ?? 0;
}

/**
 * Of a decoder in software. One in hardware has several pictures in work at once: the time that each takes
 * says nothing of how many it manages, only the dropped ones do.
 */
function decodeLoad(first: DecodingCount, last: DecodingCount, received: number, ms: number) {
  const decoded = last.framesDecoded - first.framesDecoded;
  if (decoded <= 0) return 0;
  const eachMs = ((last.decodeSeconds - first.decodeSeconds) * 1_000) / decoded;
  return Math.max(0, (eachMs * received) / ms);
}
