import type { LayerReason } from '../../signaling/contract/index.ts';
import type { LayerLimit } from '../sfu/layer-choice.ts';
import {
  fallen,
  fitting,
  isShort,
  type LinkCeiling,
  type LinkReading,
  raised,
  UNLIMITED,
} from '../sfu/link-ceiling.ts';

/** What one Viewer's link has shown so far. A Rendition is to it what a Layer is. */
export interface LinkMemory {
  /** How far up it is trusted. */
  ceiling: LinkCeiling;
  /** Since when the estimate has carried a higher one without a break. */
  rising: { rendition: number; sinceMs: number } | undefined;
  /** It was trusted with too much once. */
  hasFallen: boolean;
}

/** So long the estimate must carry a higher Rendition before that is sent, milliseconds. */
export const PROVEN_AFTER_MS = 2_000;
/** What a probe has found is often taken back at once; a link that never failed need show no more. */
export const FIRST_PROVEN_AFTER_MS = 600;

/** A link carries what is sent at once in about this time, seconds; and so much in any case, bytes. */
const BURST_SECONDS = 0.15;
const LEAST_BURST_BYTES = 60_000;

/** @param estimate bits a second to begin with, as the link carried last time */
export function firstTrust(
  estimate: number,
  { bitrates, besides }: Pick<LinkReading, 'bitrates' | 'besides'>,
): LinkMemory {
  const reading = { estimate, bitrates, besides, current: null, nowMs: 0 };
  const layer = Math.max(0, fitting(reading));
  return { ceiling: { ...UNLIMITED, layer }, rising: undefined, hasFallen: false };
}

/** Up when the estimate has carried it for a while. Pure, as everything here: the clock comes in as `nowMs`. */
export function trusted(memory: LinkMemory, reading: LinkReading): LinkMemory {
  const { ceiling } = memory;
  const proposed = raised(ceiling, reading);
  const kept = { ...proposed, layer: ceiling.layer, raisedAtMs: ceiling.raisedAtMs };
  if (proposed.layer <= ceiling.layer) return { ...memory, ceiling: kept, rising: undefined };
  const rendition = Math.min(proposed.layer, memory.rising?.rendition ?? proposed.layer);
  const sinceMs = memory.rising?.sinceMs ?? reading.nowMs;
  const waitMs = memory.hasFallen ? PROVEN_AFTER_MS : FIRST_PROVEN_AFTER_MS;
  if (reading.nowMs - sinceMs < waitMs) {
    return { ...memory, ceiling: kept, rising: { rendition, sinceMs } };
  }
  return { ...memory, ceiling: { ...proposed, layer: rendition }, rising: undefined };
}

/**
 * Is what is sent too much for the link? On its floor an estimate says little: then the receiver's word decides.
 *
 * @param floor below which the estimate cannot be, bits a second; 0: none
 */
export function isTooMuch(reading: LinkReading, floor: number, isDistressed: boolean): boolean {
  return isShort(reading, floor) && (floor === 0 || isDistressed);
}

/** Down at once, to the lowest, whose key frames come most often. */
export function distrusted(
  memory: LinkMemory,
  reading: Pick<LinkReading, 'current' | 'nowMs'>,
): LinkMemory {
  const ceiling = { ...fallen(memory.ceiling, reading), layer: 0 };
  return { ceiling, rising: undefined, hasFallen: true };
}

/** Another speed takes another bit rate: no higher than what fits of it. */
export function refitted(memory: LinkMemory, reading: LinkReading): LinkMemory {
  const layer = Math.min(memory.ceiling.layer, Math.max(0, fitting(reading)));
  return { ...memory, ceiling: { ...memory.ceiling, layer }, rising: undefined };
}

/** The Rendition to send. @param top the highest that there is */
export function chooseRendition({ ceiling }: LinkMemory, limit: LayerLimit, top: number): number {
  // Of a picture that rests the lowest is there first when it is wanted again.
  return limit.picture ? Math.min(worthSending(limit, top), Math.max(0, ceiling.layer)) : 0;
}

/** Why the Viewer has the Rendition that it has. @param current null while none flows */
export function renditionReason(
  { ceiling }: LinkMemory,
  limit: LayerLimit,
  { current, top }: { current: number | null; top: number },
): LayerReason {
  if (!limit.picture) return limit.reason;
  if (current === null) return 'starting';
  const worth = worthSending(limit, top);
  if (current >= worth) return worth < top || limit.reason === 'chosen' ? limit.reason : 'best';
  // The way to a picture is shorter in a lower one: the higher comes with one of its next key frames.
  return ceiling.layer > current ? 'starting' : 'bandwidth';
}

/** The most to send at once before a picture, bytes. @param estimate bits a second */
export function burstBytesOf(estimate: number): number {
  return Math.max(LEAST_BURST_BYTES, Math.round((estimate / 8) * BURST_SECONDS));
}

function worthSending({ layer }: LayerLimit, top: number): number {
  return Math.min(layer, top);
}
