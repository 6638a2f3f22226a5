/**
 * How long picture and sound are held back at least, milliseconds (`jitterBufferTarget`). The picture is said to need no
 * delay at all (playout-delay), so that it has exactly the one that is asked for here.
 */
export type Holding = {
  pictureMs: number;
  soundMs: number;
  /** What the picture is held back by at least, against packets that come late. */
  guardMs: number;
  troubledAtMs: number;
  /** As of the last look. */
  freezes: number | null;
};

export type TogetherReading = {
  /** Of a monotonic clock. */
  nowMs: number;
  /** How much later the sound is heard than its picture is seen; null while it is not known. */
  lagMs: number | null;
  /** How long the sound waits in its buffer at present. */
  soundBufferMs: number | null;
  /** Since the stream began. */
  freezes: number;
};

/** The sound is as a rule so much later than a picture that waits for nothing. */
export const AT_FIRST: Holding = {
  pictureMs: 40,
  soundMs: 0,
  guardMs: 0,
  troubledAtMs: Number.NEGATIVE_INFINITY,
  freezes: null,
};

/** As good as together. */
const NEAR_MS = 4;
/** More than this at once is more likely to be measured wrong. */
const STEP_MS = 200;
const MOST_MS = 1_000;
const GUARD = { stepMs: 20, mostMs: 100, calmMs: 15_000 };

/** What a picture is held back by at least, and at most for its sound's sake. */
export type HoldingRange = { leastMs: number; mostMs: number };

export const ANY_HOLDING: HoldingRange = { leastMs: 0, mostMs: MOST_MS };

/**
 * At a party others watch the same: that all pictures are as late counts for more than a sound that is later still, on a
 * device that has too much to do.
 */
export const PARTY_HOLDING: HoldingRange = { leastMs: 60, mostMs: 110 };

export function within(holding: Holding, { leastMs, mostMs }: HoldingRange): Holding {
  const pictureMs = Math.min(mostMs, Math.max(leastMs, holding.pictureMs));
  return { ...holding, pictureMs, soundMs: Math.max(leastMs, holding.soundMs) };
}

/** Whichever is ahead waits for the other, and no longer than it must. Pure. */
export function nextHolding(
  before: Holding,
  reading: TogetherReading,
  range: HoldingRange = ANY_HOLDING,
): Holding {
  return within(whoeverIsAhead(before, reading, range.leastMs), range);
}

function whoeverIsAhead(before: Holding, reading: TogetherReading, soundLeastMs: number): Holding {
  const guarded = withGuard(before, reading);
  const least = Math.max(guarded.pictureMs, guarded.guardMs);
  const { lagMs } = reading;
  if (lagMs === null || Math.abs(lagMs) <= NEAR_MS) return { ...guarded, pictureMs: least };
  const step = Math.max(-STEP_MS, Math.min(STEP_MS, lagMs));
  return step > 0
    ? soundIsLater({ ...guarded, pictureMs: least }, step, soundLeastMs)
    : pictureIsLater({ ...guarded, pictureMs: least }, -step, reading.soundBufferMs);
}

function soundIsLater(state: Holding, byMs: number, leastMs: number): Holding {
  const less = Math.min(byMs, Math.max(0, state.soundMs - leastMs));
  const pictureMs = Math.min(MOST_MS, state.pictureMs + byMs - less);
  return { ...state, soundMs: state.soundMs - less, pictureMs };
}

function pictureIsLater(state: Holding, byMs: number, soundBufferMs: number | null): Holding {
  const less = Math.min(byMs, state.pictureMs - state.guardMs);
  const more = byMs - less;
  const pictureMs = state.pictureMs - less;
  if (more <= NEAR_MS || soundBufferMs === null) return { ...state, pictureMs };
  // Below what it waits anyway, a wish holds nothing back.
  const soundMs = Math.min(MOST_MS, Math.max(state.soundMs, soundBufferMs) + more);
  return { ...state, pictureMs, soundMs };
}

/** A step up with each trouble, a step down after each while without. */
function withGuard(before: Holding, { nowMs, freezes }: TogetherReading): Holding {
  const troubled = before.freezes !== null && freezes > before.freezes;
  if (troubled) {
    const guardMs = Math.min(GUARD.mostMs, before.guardMs + GUARD.stepMs);
    return { ...before, freezes, guardMs, troubledAtMs: nowMs };
  }
  if (before.guardMs === 0 || nowMs - before.troubledAtMs < GUARD.calmMs) {
    return { ...before, freezes };
  }
  return { ...before, freezes, guardMs: before.guardMs - GUARD.stepMs, troubledAtMs: nowMs };
}
