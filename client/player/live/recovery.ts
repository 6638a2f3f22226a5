import type { ChannelInfo, ErrorCode } from '../../../signaling/contract/index.ts';

/**
 * How watching begins, holds and comes back, as a pure state machine: `nextRecovery` takes what happened
 * and says what to do. It never asks for a reload, and it gives up only where trying again cannot help.
 */
export type RecoveryState = {
  /** Someone wants to watch: `play()` was called, and `pause()` was not. */
  readonly wanted: boolean;
  /** The signaling socket is open. */
  readonly online: boolean;
  readonly link: Link;
  /** The broadcast that the Consumers belong to; null while there are none. */
  readonly broadcastId: string | null;
  /** Joins that have failed in a row, media that did not get through included. */
  readonly failures: number;
  /** Why the last try failed, until one succeeds. */
  readonly failure: ErrorCode | 'noMedia' | 'denied' | null;
  /** The one thing that is waited for. */
  readonly timer: RecoveryTimer | null;
};

/**
 * `none`: the server knows nothing of us. `joining`: asked, not answered. `joined`: a transport, but
 * nothing to send over it (off air). `connecting`: Consumers, but no connection yet. `connected`.
 * `interrupted`: it was, and packets stopped getting through.
 */
export type Link = 'none' | 'joining' | 'joined' | 'connecting' | 'connected' | 'interrupted';

export type RecoveryTimer = {
  readonly name: 'release' | 'retry' | 'connect' | 'restart';
  readonly afterMs: number;
};

/** What is known of the thing that is watched: of a Session it is always the same. */
export type Broadcasting = Pick<ChannelInfo, 'live' | 'broadcastId'>;

export type RecoveryEvent =
  | { type: 'played' | 'paused' | 'signalingOpened' | 'signalingLost' | 'transportLost' }
  | { type: 'mediaConnected' | 'mediaInterrupted' | 'mediaFailed' | 'mediaSilent' | 'timerEnded' }
  | { type: 'joined' | 'zapped'; channel: Broadcasting; receiving: boolean }
  | { type: 'joinFailed' | 'zapFailed' | 'restartFailed'; code: ErrorCode }
  | { type: 'channelChanged'; channel: Broadcasting }
  /** What is buffered has become too old. */
  | { type: 'resyncAsked' }
  /** Another Channel was asked for. */
  | { type: 'channelChosen' }
  /** Who may watch it has been decided against us: nothing is asked for until `askedAgain`. */
  | { type: 'denied' | 'askedAgain' };

export type RecoveryEffect = 'join' | 'zap' | 'restartIce' | 'leave' | 'checkSignaling';

export type RecoveryStep = { state: RecoveryState; effects: RecoveryEffect[] };

/** After `pause()`, how long packets still come, so that a short pause costs no new join. */
const RELEASE_MS = 5_000;
/** From the join's answer to connected media. ICE, DTLS and TCP as a fallback fit well into it. */
const CONNECT_MS = 8_000;
/** How long an ICE restart may take before everything is made anew. */
const RESTART_MS = 4_000;
/** How often a Channel that does not exist (yet) is asked for. */
const NOT_FOUND_RETRY_MS = 10_000;
const MAX_RETRY_MS = 8_000;

/** Trying again cannot help with these; everything else may pass. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'badRequest',
  'forbidden',
  'unauthorized',
  'unsupportedMedia',
  'unsupportedProtocol',
  'unknownMethod',
]);

export const initialRecovery: RecoveryState = {
  wanted: false,
  online: false,
  link: 'none',
  broadcastId: null,
  failures: 0,
  failure: null,
  timer: null,
};

/** Did the last try fail for good? */
export function hasGivenUp({ failure }: RecoveryState): boolean {
  return failure === 'denied' || (failure !== null && failure !== 'noMedia' && FINAL.has(failure));
}

export function nextRecovery(state: RecoveryState, event: RecoveryEvent): RecoveryStep {
  switch (event.type) {
    case 'played':
      return played(state);
    case 'paused':
      return only({
        ...state,
        wanted: false,
        timer: state.link === 'none' ? null : { name: 'release', afterMs: RELEASE_MS },
      });
    case 'signalingOpened':
      // The server ties a Viewer to its socket: behind a new one there is none, whatever still flows.
      return join({ ...state, online: true });
    case 'signalingLost':
      return signalingLost(state);
    case 'channelChosen':
      return channelChosen(state);
    case 'denied':
      return release({ ...state, failure: 'denied', failures: 0 });
    case 'askedAgain':
      return state.failure === 'denied' ? join({ ...state, failure: null }) : only(state);
    case 'joined':
      return joined(state, event);
    case 'zapped':
      return zapped(state, event);
    case 'joinFailed':
      return failed({ ...state, link: 'none', broadcastId: null }, event.code);
    case 'zapFailed':
    case 'restartFailed':
      return join(state);
    case 'channelChanged':
      return channelChanged(state, event.channel);
    case 'resyncAsked':
      return resyncAsked(state);
    case 'transportLost':
      return state.link === 'none' ? only(state) : join(state);
    case 'mediaConnected':
      return mediaConnected(state);
    case 'mediaInterrupted':
      return mediaInterrupted(state);
    case 'mediaFailed':
      return mediaFailed(state);
    case 'mediaSilent':
      return state.link === 'connected' ? rejoin(state) : only(state);
    case 'timerEnded':
      return timerEnded(state);
    default:
      event satisfies never;
      return only(state);
  }
}

const only = (state: RecoveryState): RecoveryStep => ({ state, effects: [] });

/** Asks for everything anew, where that is possible and wanted; the old picture stays until the answer. */
function join(state: RecoveryState): RecoveryStep {
  if (!state.wanted) return release(state);
  if (!state.online || hasGivenUp(state)) return only({ ...state, timer: null });
  return {
    state: { ...state, link: 'joining', broadcastId: null, timer: null },
    effects: ['join'],
  };
}

/**
 * As `join`, but each time in a row waits longer. What stopped the media may have cut the socket too, which
 * would not be noticed before the join's answer is overdue.
 */
function rejoin(state: RecoveryState): RecoveryStep {
  const interrupted: RecoveryState = { ...state, link: 'interrupted' };
  if (state.failures > 0) return failed(interrupted, 'noMedia');
  const { state: after, effects } = join({ ...interrupted, failures: 1 });
  return { state: after, effects: effects.includes('join') ? ['checkSignaling', 'join'] : effects };
}

function release(state: RecoveryState): RecoveryStep {
  const effects: RecoveryEffect[] = state.link === 'none' ? [] : ['leave'];
  return { state: { ...state, link: 'none', broadcastId: null, timer: null }, effects };
}

function failed(state: RecoveryState, failure: ErrorCode | 'noMedia'): RecoveryStep {
  const after = { ...state, failure, failures: state.failures + 1 };
  if (hasGivenUp(after) || !after.wanted) return only({ ...after, timer: null });
  const backOffMs = Math.min(MAX_RETRY_MS, 250 * 2 ** Math.min(state.failures, 8));
  const afterMs = failure === 'notFound' ? NOT_FOUND_RETRY_MS : backOffMs;
  return only({ ...after, timer: { name: 'retry', afterMs } });
}

function played(state: RecoveryState): RecoveryStep {
  const wanted = { ...state, wanted: true, failures: 0, failure: null };
  if (state.link === 'none') return join(wanted);
  return only({ ...wanted, timer: state.timer?.name === 'release' ? null : state.timer });
}

function signalingLost(state: RecoveryState): RecoveryStep {
  const link = state.link === 'joining' || state.link === 'joined' ? 'none' : state.link;
  const timer = state.timer?.name === 'release' ? state.timer : null;
  return only({ ...state, online: false, link, timer });
}

function channelChosen(state: RecoveryState): RecoveryStep {
  const fresh = { ...state, broadcastId: null, failures: 0, failure: null };
  const canZap = state.wanted && state.online && ['joined', 'connected'].includes(state.link);
  return canZap ? { state: fresh, effects: ['zap'] } : join(fresh);
}

type Arrival = { channel: Broadcasting; receiving: boolean };

function joined(state: RecoveryState, { channel, receiving }: Arrival): RecoveryStep {
  return only({
    ...state,
    link: receiving ? 'connecting' : 'joined',
    broadcastId: broadcastOf(channel),
    failure: state.failure === 'noMedia' ? 'noMedia' : null,
    timer: receiving ? { name: 'connect', afterMs: CONNECT_MS } : null,
  });
}

function zapped(state: RecoveryState, arrival: Arrival): RecoveryStep {
  if (state.link === 'joined') return joined(state, arrival);
  return only({ ...state, broadcastId: broadcastOf(arrival.channel) });
}

function channelChanged(state: RecoveryState, channel: Broadcasting): RecoveryStep {
  const broadcastId = broadcastOf(channel);
  const holding = state.link !== 'none' && state.link !== 'joining';
  if (!holding || broadcastId === state.broadcastId) return only(state);
  if (broadcastId === null || !state.wanted) return only({ ...state, broadcastId: null });
  // The Consumers that we hold belong to a broadcast that is over.
  return { state: { ...state, broadcastId }, effects: ['zap'] };
}

function resyncAsked(state: RecoveryState): RecoveryStep {
  const canZap = state.wanted && state.online && state.link === 'connected';
  return canZap && state.broadcastId !== null ? { state, effects: ['zap'] } : only(state);
}

function mediaConnected(state: RecoveryState): RecoveryStep {
  if (state.link === 'none' || state.link === 'joining') return only(state);
  const timer = state.timer?.name === 'release' ? state.timer : null;
  return only({ ...state, link: 'connected', failures: 0, failure: null, timer });
}

function mediaInterrupted(state: RecoveryState): RecoveryStep {
  if (state.link !== 'connected') return only(state);
  const interrupted: RecoveryState = { ...state, link: 'interrupted' };
  if (!state.online) return only(interrupted);
  return {
    state: { ...interrupted, timer: { name: 'restart', afterMs: RESTART_MS } },
    effects: ['checkSignaling', 'restartIce'],
  };
}

function mediaFailed(state: RecoveryState): RecoveryStep {
  const settled =
    state.link === 'none' || state.link === 'joining' || state.timer?.name === 'retry';
  return settled ? only(state) : rejoin(state);
}

function timerEnded(state: RecoveryState): RecoveryStep {
  const ended = { ...state, timer: null };
  switch (state.timer?.name) {
    case 'release':
      return release(ended);
    case 'connect':
      return failed(ended, 'noMedia');
    case 'retry':
    case 'restart':
      return join(ended);
    default:
      return only(ended);
  }
}

function broadcastOf(channel: Broadcasting): string | null {
  return channel.live ? (channel.broadcastId ?? '') : null;
}
