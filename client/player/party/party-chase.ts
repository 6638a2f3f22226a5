/** What is known of a player that keeps its own time (HLS) at one moment. Seconds. */
export type ChaseView = {
  /** Where it is. */
  currentTime: number;
  /** Where its party is. */
  target: number;
  paused: boolean;
  /** It seeks, or waits for data: what it says of its time tells nothing. */
  busy: boolean;
  /** Of the party. */
  rate: number;
};

export type ChaseState = {
  /** Is it being brought nearer by its speed? */
  pulling: boolean;
  /** How much further than the party a seek has to go, so that it is there when it has been carried out. Seconds. */
  seekCost: number;
  /** Since the last seek, by which it was known how much that costs; null once that is known. */
  soughtTo: number | null;
};

export type ChaseStep = {
  state: ChaseState;
  /** Where to go; null to stay on the way. */
  seekTo: number | null;
  /** How fast it is to play. */
  rate: number;
};

export const BEFORE_THE_CHASE: ChaseState = { pulling: false, seekCost: 0.15, soughtTo: null };

/** Further off, it is sought. */
const SEEK_SECONDS = 0.6;
/** Nearer, it is left alone. */
const NEAR_SECONDS = 0.008;
/** From here on its speed brings it back. */
const OFF_SECONDS = 0.016;
/** What is off is made good in this time, about. Seconds. */
const PULL_SECONDS = 1;
/** More of a difference in speed is heard. */
const MOST_PULL = 0.08;
/** A frame of anything is longer. */
const SAME_PICTURE_SECONDS = 0.002;
const MOST_COST = 2;

/** How a player that keeps its own time comes to where its party is, and stays there. */
export function chase(state: ChaseState, view: ChaseView): ChaseStep {
  if (view.busy) return stay(state, view.rate);
  const off = view.currentTime - view.target;
  if (view.paused) return toPicture(state, view, off);
  const learned = learn(state, off);
  if (Math.abs(off) > SEEK_SECONDS) return seek(learned, view);
  return pull(learned, view.rate, off);
}

function toPicture(state: ChaseState, { target, rate }: ChaseView, off: number): ChaseStep {
  const at = { ...state, pulling: false, soughtTo: null };
  return { state: at, seekTo: Math.abs(off) > SAME_PICTURE_SECONDS ? target : null, rate };
}

/** The last seek came too late by what it is behind now, or too early. */
function learn(state: ChaseState, off: number): ChaseState {
  if (state.soughtTo === null) return state;
  const seekCost = Math.min(MOST_COST, Math.max(0, state.seekCost - off));
  return { ...state, seekCost, soughtTo: null };
}

function seek(state: ChaseState, { target, rate }: ChaseView): ChaseStep {
  const soughtTo = target + state.seekCost * rate;
  return { state: { ...state, pulling: false, soughtTo }, seekTo: soughtTo, rate };
}

function pull(state: ChaseState, rate: number, off: number): ChaseStep {
  const pulling = Math.abs(off) > (state.pulling ? NEAR_SECONDS : OFF_SECONDS);
  if (!pulling) return { ...stay(state, rate), state: { ...state, pulling } };
  const change = Math.min(MOST_PULL, Math.max(-MOST_PULL, -off / PULL_SECONDS));
  return { state: { ...state, pulling }, seekTo: null, rate: rate * (1 + change) };
}

function stay(state: ChaseState, rate: number): ChaseStep {
  return { state, seekTo: null, rate };
}
