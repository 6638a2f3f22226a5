/** What is known of the delay between arrival and display at one moment. */
export type PlayoutReading = {
  /** Of a monotonic clock. */
  nowMs: number;
  /** From the arrival of the last picture to its display; null where it is not known. */
  delayMs: number | null;
  /** Since the stream began. */
  freezes: number;
  framesDropped: number;
  /** Since the last look; null where nothing came. */
  lossPercent: number | null;
  /** How long picture and sound waited in their jitter buffers; null while they do not flow. */
  pictureMs: number | null;
  soundMs: number | null;
  /** How far the sound is behind the picture; below 0 where it is ahead. Null where it is not known. */
  lagMs: number | null;
};

export type PlayoutState = {
  /** The picture's least delay, against a link that loses packets or delivers them late. */
  guardMs: number;
  /** What picture or sound is held back by, so that they keep together. */
  pictureHoldMs: number;
  soundHoldMs: number;
  /** As of the last look. */
  before: Pick<PlayoutReading, 'freezes' | 'framesDropped'> | null;
  troubledAtMs: number;
  /** When the device last dropped pictures. */
  strainedAtMs: number;
  relaxedAtMs: number;
  /** The least delay seen lately, with when that was. */
  floor: { delayMs: number; atMs: number } | null;
  highSinceMs: number | null;
  resyncedAtMs: number;
  patienceMs: number;
};

export type PlayoutStep = {
  state: PlayoutState;
  /** `jitterBufferTarget` of the picture's and the sound's receiver, milliseconds. */
  targets: { picture: number; sound: number };
  /** What is buffered is too old, and nothing else brought it back: begin anew. */
  resync: boolean;
};

export const AT_THE_START: PlayoutState = {
  guardMs: 0,
  pictureHoldMs: 0,
  soundHoldMs: 0,
  before: null,
  troubledAtMs: Number.NEGATIVE_INFINITY,
  strainedAtMs: Number.NEGATIVE_INFINITY,
  relaxedAtMs: Number.NEGATIVE_INFINITY,
  floor: null,
  highSinceMs: null,
  resyncedAtMs: Number.NEGATIVE_INFINITY,
  patienceMs: 30_000,
};

/** Loss of less than this is made good by retransmission before anybody sees it. */
const TOO_MUCH_LOSS_PERCENT = 8;
/** A look, that is twice a second. */
const DROPPED_AT_EASE = 2;
const GUARD = { stepMs: 20, mostMs: 80 };
/** A link without trouble for this long is given a step less, and after as long the next. */
const CLEAN_MS = 8_000;

/**
 * How far the sound may be behind or ahead of the picture. People notice 125 ms behind and 45 ms ahead
 * (ITU-R BT.1359-1). Within that nothing is held back: it would be delay that nobody has a use for.
 */
const LAG = { mostMs: 100, aimMs: 80, leastMs: -40 };
const HOLD = { stepMs: 40, mostMs: 2_000 };

/** The floor is forgotten after this: links change for good, too. */
const FLOOR_KEPT_MS = 300_000;
/** Too old: this many times the floor and at least this much above it, for so long, on a clean link. */
const CREPT = { times: 1.5, aboveMs: 250, forMs: 8_000 };
const LONGEST_PATIENCE_MS = 600_000;

/** Holds the delay as low as the link allows, and brings it back where it has crept up. Pure. */
export function nextPlayout(before: PlayoutState, reading: PlayoutReading): PlayoutStep {
  const state = watched(held(guarded(before, reading), reading), reading);
  const { guardMs, pictureHoldMs, soundHoldMs } = state;
  const targets = {
    picture: Math.round(Math.max(guardMs, pictureHoldMs)),
    // Against late packets the sound's buffer guards itself, better than anybody from outside it.
    sound: Math.round(soundHoldMs),
  };
  return isDue(state, reading)
    ? { state: resynced(state, reading), targets, resync: true }
    : { state, targets, resync: false };
}

/** A step up with each trouble, a step down after each while without. */
function guarded(before: PlayoutState, reading: PlayoutReading): PlayoutState {
  const { nowMs, freezes, framesDropped } = reading;
  const strainedAtMs = isStrained(before, reading) ? nowMs : before.strainedAtMs;
  const state = { ...before, before: { freezes, framesDropped }, strainedAtMs };
  if (isTroubled(before, reading)) {
    const guardMs = Math.min(GUARD.mostMs, state.guardMs + GUARD.stepMs);
    return { ...state, guardMs, troubledAtMs: nowMs, relaxedAtMs: nowMs };
  }
  const relaxes = state.guardMs > 0 && nowMs - state.relaxedAtMs >= CLEAN_MS;
  if (!relaxes) return state;
  return { ...state, guardMs: Math.max(0, state.guardMs - GUARD.stepMs), relaxedAtMs: nowMs };
}

/** One trouble is counted once, however many looks it lasts. */
function isTroubled({ before, troubledAtMs }: PlayoutState, reading: PlayoutReading): boolean {
  if (before === null || reading.nowMs - troubledAtMs < 1_000) return false;
  return reading.freezes > before.freezes || (reading.lossPercent ?? 0) >= TOO_MUCH_LOSS_PERCENT;
}

function isStrained({ before }: PlayoutState, { framesDropped }: PlayoutReading): boolean {
  return before !== null && framesDropped > before.framesDropped + DROPPED_AT_EASE;
}

/** Whichever is too far ahead waits for the other, and no longer than it must. */
function held(state: PlayoutState, { lagMs, pictureMs, soundMs }: PlayoutReading): PlayoutState {
  if (lagMs === null || pictureMs === null || soundMs === null) return state;
  const behindMs = lagMs - LAG.aimMs;
  const aheadMs = LAG.leastMs / 2 - lagMs;
  return {
    ...state,
    pictureHoldMs: hold(state.pictureHoldMs, pictureMs, behindMs, lagMs > LAG.mostMs),
    soundHoldMs: hold(state.soundHoldMs, soundMs, aheadMs, lagMs < LAG.leastMs),
  };
}

function hold(heldMs: number, waitedMs: number, missingMs: number, must: boolean): number {
  const step = Math.max(-HOLD.stepMs, Math.min(HOLD.stepMs, missingMs));
  if (must)
    return Math.min(HOLD.mostMs, Math.max(heldMs, Math.min(waitedMs, heldMs + step)) + step);
  // Below what it would wait anyway, a target holds nothing back.
  return missingMs < 0 ? Math.max(0, Math.min(heldMs, waitedMs) + step) : heldMs;
}

function watched(state: PlayoutState, { delayMs, nowMs }: PlayoutReading): PlayoutState {
  if (delayMs === null) return { ...state, highSinceMs: null };
  const { floor } = state;
  const lower = floor === null || delayMs < floor.delayMs || nowMs - floor.atMs > FLOOR_KEPT_MS;
  const known = lower ? { delayMs, atMs: nowMs } : floor;
  const high = delayMs > known.delayMs * CREPT.times && delayMs > known.delayMs + CREPT.aboveMs;
  return { ...state, floor: known, highSinceMs: high ? (state.highSinceMs ?? nowMs) : null };
}

function isDue(state: PlayoutState, { nowMs }: PlayoutReading): boolean {
  const { highSinceMs, troubledAtMs, strainedAtMs, resyncedAtMs, patienceMs } = state;
  if (highSinceMs === null || nowMs - highSinceMs < CREPT.forMs) return false;
  // A device or a link that cannot keep up would be as late again at once.
  const calmSinceMs = Math.max(troubledAtMs, strainedAtMs);
  return nowMs - calmSinceMs >= CREPT.forMs / 2 && nowMs - resyncedAtMs >= patienceMs;
}

/** Where it did not last, the next one waits twice as long. */
function resynced(state: PlayoutState, { nowMs }: PlayoutReading): PlayoutState {
  const again = nowMs - state.resyncedAtMs < state.patienceMs * 4;
  const patienceMs = again
    ? Math.min(LONGEST_PATIENCE_MS, state.patienceMs * 2)
    : AT_THE_START.patienceMs;
  const { floor } = state;
  return { ...AT_THE_START, floor, patienceMs, resyncedAtMs: nowMs };
}
