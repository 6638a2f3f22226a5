import { type PartyOrder, type PartyTimeline, positionAt } from '../../signaling/contract/index.ts';

/** What a Session of a party is to do. */
export interface SessionCourse {
  /** Seconds. */
  at: number;
  /** Seconds of the Asset a second; 0: the picture there, and nothing after it. */
  rate: number;
  /** When it is to be sent what is at `at`, milliseconds by the server's clock. */
  atMs: number;
}

/** Between an order and its moment, so that it has reached everybody by then. Milliseconds. */
export const LEAD_MS = 160;

/**
 * What the way from the Pump to somebody’s eye takes as a rule, most of it in the player (`PARTY_HOLDING`): Sessions are
 * sent things that much before their time. Milliseconds.
 */
export const SEND_AHEAD_MS = 110;

/** A Session is told so long before, so that what it has to send first is there in time. Milliseconds. */
const COURSE_LEAD_MS = 30;

/** Who plays this close to the end wants to see it again. Seconds. */
const END_SECONDS = 0.1;

/** A party begins where whoever opens it is, and waits. */
export function newTimeline(position: number, nowMs: number): PartyTimeline {
  return { position, rate: 1, paused: true, loop: false, atServerMs: nowMs };
}

/** What an order makes of a timeline; the same one where it changes nothing. */
export function steered(
  timeline: PartyTimeline,
  order: PartyOrder,
  { nowMs, duration }: { nowMs: number; duration: number },
): PartyTimeline {
  const { paused = timeline.paused, rate = timeline.rate, loop = timeline.loop } = order;
  const moves = order.at !== undefined || paused !== timeline.paused || rate !== timeline.rate;
  if (!moves) return loop === timeline.loop ? timeline : { ...timeline, loop };
  // What is paused stands where it was seen; what plays goes on from where it will be when all have heard of it.
  const atServerMs = paused ? nowMs : nowMs + LEAD_MS;
  const wanted = order.at ?? positionAt(timeline, atServerMs, duration);
  const again = order.at === undefined && order.paused === false && wanted > duration - END_SECONDS;
  const position = again ? 0 : Math.min(wanted, duration);
  return { position, rate, paused, loop, atServerMs };
}

/** When it comes to its end, milliseconds by the server's clock; null for what stands. */
export function endsAtMs(timeline: PartyTimeline, duration: number): number | null {
  const { position, rate, paused, atServerMs } = timeline;
  return paused ? null : atServerMs + (Math.max(0, duration - position) / rate) * 1000;
}

/** What becomes of it at its end: it stands there, or begins again at that very moment. */
export function afterEnd(timeline: PartyTimeline, duration: number): PartyTimeline {
  const atServerMs = endsAtMs(timeline, duration) ?? timeline.atServerMs;
  if (timeline.loop) return { ...timeline, position: 0, atServerMs };
  return { ...timeline, position: duration, paused: true, atServerMs };
}

/** What a Session has to do from now on to be with the others, whenever it comes. */
export function courseAt(timeline: PartyTimeline, nowMs: number, duration: number): SessionCourse {
  const atMs = Math.max(nowMs + COURSE_LEAD_MS, timeline.atServerMs - SEND_AHEAD_MS);
  const at = positionAt(timeline, atMs + SEND_AHEAD_MS, duration);
  return { at, rate: timeline.paused ? 0 : timeline.rate, atMs };
}
