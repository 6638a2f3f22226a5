import * as z from 'zod';

/** What the networks of this browser carried last, by their kind (`networkKind`). */
const memorySchema = z.record(
  z.string(),
  z.object({ /** Bits a second. */ bitrate: z.number(), /** By `Date.now()`. */ atMs: z.number() }),
);
export type LinkMemory = z.infer<typeof memorySchema>;

const KEY = 'sfumato.link';
const WEEK_MS = 7 * 24 * 3_600_000;
/** A start below what the link carries costs a second; one above it costs lost packets. */
const CAUTION = 0.8;
/** The contract's bounds. */
const BITRATE = { least: 100_000, most: 20_000_000 };

/** Where the server's estimate may begin on a network of this kind; undefined where nothing is known. */
export function startBitrate(memory: LinkMemory, kind: string, nowMs: number): number | undefined {
  const known = memory[kind];
  if (known === undefined || nowMs - known.atMs > WEEK_MS || nowMs < known.atMs) return undefined;
  return Math.round(Math.min(BITRATE.most, Math.max(BITRATE.least, known.bitrate * CAUTION)));
}

/** With another estimate, and without those that are too old. */
export function rememberLink(
  memory: LinkMemory,
  { kind, bitrate, nowMs }: { kind: string; bitrate: number; nowMs: number },
): LinkMemory {
  const fresh = Object.entries(memory).filter(([, { atMs }]) => nowMs - atMs <= WEEK_MS);
  return { ...Object.fromEntries(fresh), [kind]: { bitrate, atMs: nowMs } };
}

/** Empty where there is none, where it cannot be read, and where storing is forbidden. */
export function loadLinkMemory(): LinkMemory {
  try {
    return memorySchema.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch (error) {
    console.debug('sfumato: nothing is known of the link', error);
    return {};
  }
}

export function storeLinkMemory(memory: LinkMemory): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch (error) {
    console.debug('sfumato: the link cannot be remembered', error);
  }
}
