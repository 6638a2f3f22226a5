import type { Steering } from '../../signaling/contract/index.ts';
import type { SessionOrder } from '../rtp/session-pump.ts';

/** What was asked of a Session so far. */
export interface SteeringState {
  /** Counts what was asked. */
  change: number;
  /** Where it was sent to last, or stopped. Seconds from the first picture. */
  at: number;
  paused: boolean;
  /** Seconds of the Asset a second, when it is not paused. */
  rate: number;
  /** More seeks follow at once. */
  scrub: boolean;
}

/** What the link and the device allow at this moment. */
export interface Allowance {
  /** The Rendition to send. */
  rendition: number;
  /** The most to send at once, bytes. */
  burstBytes: number;
}

/**
 * So much is decoded before a picture that somebody waits for, pixels: three pictures of 720p, or thirteen of 360p. A
 * browser without the help of a graphics card takes about 6 ms for them, less than for a frame of the screen.
 */
const QUICK_PIXELS = 3_000_000;
/** Nearer than this to where it stands is where it stands, seconds. */
const SAME_PLACE = 0.02;

export function beginning(at: number, paused: boolean): SteeringState {
  return { change: 0, at, paused, rate: 1, scrub: false };
}

/**
 * What a person wants, taken in.
 *
 * @param steering with `at`, where it goes on from where it is: only the Pump knows where that is
 */
export function steered(
  state: SteeringState,
  steering: Steering,
  allowance: Allowance,
): { state: SteeringState; order: SessionOrder } {
  const {
    at = state.at,
    frames,
    paused = state.paused,
    rate = state.rate,
    scrub = false,
  } = steering;
  const after = { change: state.change + 1, at, paused, rate, scrub };
  const order = orderOf(after, allowance);
  if (frames) return { state: after, order: { ...order, frames } };
  const goesElsewhere = Math.abs(at - state.at) > SAME_PLACE;
  return { state: after, order: goesElsewhere ? quickly(order) : order };
}

/**
 * The same, for somebody who waits for a picture that is far from what there is: how soon it comes matters more than how
 * sharp it is. Of a picture that stands the lowest Rendition comes first, and the others after it.
 */
export function quickly(order: SessionOrder): SessionOrder {
  if (order.rate === 0) return { ...order, rendition: 0 };
  return { ...order, burstPixels: QUICK_PIXELS };
}

/** What the Pump is to do so that it is as it was asked for. */
export function orderOf(
  { at, paused, rate, scrub }: SteeringState,
  { rendition, burstBytes }: Allowance,
): SessionOrder {
  return {
    at,
    rate: paused ? 0 : rate,
    // How fast the picture comes matters more than how sharp it is.
    rendition: scrub ? 0 : rendition,
    burstBytes,
  };
}

/** Is the Session only to stop where it is? Then nothing need be sent. */
export function isPauseOnly({ at, frames, paused }: Steering): boolean {
  return paused === true && at === undefined && frames === undefined;
}

/** Is it to go elsewhere? */
export function isSeek({ at, frames }: Steering): boolean {
  return at !== undefined || frames !== undefined;
}
