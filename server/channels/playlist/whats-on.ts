import type { Playlist } from './playlist.ts';
import { following, type Place } from './running-order.ts';
import { lastOccurrence, nextOccurrence, type Occurrence } from './schedule.ts';

/** An Asset's turn to be on air. */
export interface Turn {
  assetId: string;
  /** Its place in the list; none where the schedule says so. */
  place?: Place | undefined;
  /** When the schedule has it begin, milliseconds since the Unix epoch. */
  atMs?: number | undefined;
}

export interface NextTurn extends Turn {
  /** Milliseconds since the Unix epoch; what is on air then ends, or has ended. */
  startMs: number;
  /** How far into it that is, seconds. */
  offset: number;
}

/** All that counts for what is on. */
export interface Situation {
  playlist: Playlist;
  /** The list, with what is in its collections now. */
  assetIds: readonly string[];
  seed: string;
  nowMs: number;
  playing?: (Turn & { endsMs: number }) | undefined;
  /** Where the list is. */
  place?: Place | undefined;
  /** What the schedule said up to then has had its turn, or came too late for one. */
  seenMs: number;
  isPlayable: (assetId: string) => boolean;
  /** Seconds, where it is known. */
  durationOf: (assetId: string) => number | undefined;
}

export interface WhatsOn {
  /** May what is playing go on? */
  goesOn: boolean;
  next?: NextTurn | undefined;
}

/** A beginning that is less late than this loses nothing. */
const LATE_MS = 2_000;

/**
 * What is on air, and what comes then. The list goes on from item to item; what the schedule says interrupts it,
 * and then it goes on with the item after the one that was interrupted. Something that the schedule said earlier
 * is joined where it now would be, if nothing of the playlist is on air: after a start, or a broadcaster's end.
 */
export function whatsOn(situation: Situation): WhatsOn {
  const { playing, nowMs } = situation;
  const goesOn = playing !== undefined && isWanted(situation, playing);
  const due = dueNow(situation, goesOn);
  if (due !== undefined) return { goesOn, next: begin(due, nowMs) };
  const coming = nextOccurrence(situation.playlist, nowMs);
  const scheduled =
    coming === undefined || !situation.isPlayable(coming.assetId)
      ? undefined
      : { ...coming, startMs: coming.atMs, offset: 0 };
  const endsMs = goesOn ? playing.endsMs : nowMs;
  if (scheduled !== undefined && scheduled.atMs < endsMs) return { goesOn, next: scheduled };
  return { goesOn, next: fromList(situation, endsMs) ?? scheduled };
}

function fromList(situation: Situation, startMs: number): NextTurn | undefined {
  const { assetIds, playlist, seed, place, isPlayable } = situation;
  const slot = following(assetIds, { ...playlist, seed }, place, (id) => !isPlayable(id));
  if (slot === undefined) return undefined;
  const { assetId, ...where } = slot;
  return { assetId, place: where, startMs, offset: 0 };
}

function dueNow(situation: Situation, goesOn: boolean): Occurrence | undefined {
  const { playlist, nowMs, seenMs, isPlayable, durationOf } = situation;
  const last = lastOccurrence(playlist, nowMs);
  if (last === undefined || last.atMs <= seenMs || !isPlayable(last.assetId)) return undefined;
  if (goesOn) return last;
  const endMs = last.atMs + (durationOf(last.assetId) ?? 0) * 1_000;
  return endMs > nowMs || nowMs - last.atMs < LATE_MS ? last : undefined;
}

function begin({ assetId, atMs }: Occurrence, nowMs: number): NextTurn {
  const lateMs = nowMs - atMs;
  return { assetId, atMs, startMs: nowMs, offset: lateMs < LATE_MS ? 0 : lateMs / 1_000 };
}

/** What was taken off the list, or cannot be had any more, ends now. */
function isWanted({ playlist, assetIds, isPlayable }: Situation, { assetId, atMs }: Turn): boolean {
  if (!isPlayable(assetId)) return false;
  if (atMs === undefined) return assetIds.includes(assetId);
  return playlist.schedule.some((entry) => entry.assetId === assetId);
}

/** The list is one Asset, over and over. */
export function repeatsOne({ loop }: Playlist, assetIds: readonly string[]): boolean {
  return loop && assetIds.length > 0 && assetIds.every((id) => id === assetIds[0]);
}

export function isSameTurn(a: Turn, b: Turn): boolean {
  return (
    a.assetId === b.assetId &&
    a.atMs === b.atMs &&
    a.place?.key === b.place?.key &&
    a.place?.round === b.place?.round
  );
}
