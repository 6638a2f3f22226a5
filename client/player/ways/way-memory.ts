import * as z from 'zod';
import { networkKind, networkOfBrowser, readNetwork } from '../device/network.ts';
import type { WayFailure } from './way-choice.ts';

/** Of how WebRTC failed, what the network had to do with. */
const REMEMBERED = ['noConnection', 'noSignaling', 'noPicture'] as const;

/** How WebRTC last went on the networks of this browser, by their kind (`networkKind`). */
const memorySchema = z.record(
  z.string(),
  z.object({
    outcome: z.enum(['through', ...REMEMBERED]),
    /** By `Date.now()`. */
    atMs: z.number(),
  }),
);
export type WayMemory = z.infer<typeof memorySchema>;

const KEY = 'sfumato.ways';
const DAY_MS = 24 * 3_600_000;

/** Did WebRTC fail on a network of this kind, not longer than a day ago? */
export function failedLately(memory: WayMemory, kind: string, nowMs: number): boolean {
  const known = memory[kind];
  return known !== undefined && known.outcome !== 'through' && isFresh(known.atMs, nowMs);
}

/** With how it went this time, and without what is too old; what no network is to blame for changes nothing. */
export function rememberWay(
  memory: WayMemory,
  { kind, outcome, nowMs }: { kind: string; outcome: WayFailure | 'through'; nowMs: number },
): WayMemory {
  const kept = [...REMEMBERED, 'through' as const].find((known) => known === outcome);
  const fresh = Object.entries(memory).filter(([, { atMs }]) => isFresh(atMs, nowMs));
  return {
    ...Object.fromEntries(fresh),
    ...(kept !== undefined && { [kind]: { outcome: kept, atMs: nowMs } }),
  };
}

function isFresh(atMs: number, nowMs: number): boolean {
  return atMs <= nowMs && nowMs - atMs <= DAY_MS;
}

/** Where nothing can be stored, it lasts as long as the page. */
let held: WayMemory = {};

/** The memory of this browser for the network that it has now. */
export const wayRecall = {
  get failedLately(): boolean {
    return failedLately(load(), kindOfBrowser(), Date.now());
  },
  remember(outcome: WayFailure | 'through'): void {
    store(rememberWay(load(), { kind: kindOfBrowser(), outcome, nowMs: Date.now() }));
  },
};

export function kindOfBrowser(): string {
  return networkKind(readNetwork(networkOfBrowser()));
}

function load(): WayMemory {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? held : memorySchema.parse(JSON.parse(text));
  } catch (error) {
    console.debug('sfumato: nothing is known of the ways', error);
    return held;
  }
}

function store(memory: WayMemory): void {
  held = memory;
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch (error) {
    console.debug('sfumato: the way cannot be remembered', error);
  }
}
