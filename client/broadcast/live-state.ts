import type { ErrorCode, NotificationData } from '../../signaling/contract/index.ts';

export type EndReason = NotificationData<'broadcastEnded'>['reason'];

/**
 * How a broadcast begins, holds and comes back, as a pure state machine: `nextLive` takes what happened and
 * says what to do. It never asks for a reload, and gives up only where trying again cannot help, or where
 * it would take the Channel from whoever is on air now.
 */
export type LiveState = {
  /** The person wants to be on air. */
  readonly wanted: boolean;
  /** The signaling socket is open. */
  readonly online: boolean;
  readonly link: LiveLink;
  /** It has been on air since it was wanted. */
  readonly wasLive: boolean;
  /** Tries that have failed in a row. */
  readonly failures: number;
  /** Why the last try failed, until one succeeds. */
  readonly failure: LiveFailure | null;
  /** Why it is over without having been asked to be. */
  readonly ended: EndReason | null;
  readonly timer: { readonly name: LiveTimer; readonly afterMs: number } | null;
};

/**
 * `none`: the server knows nothing of us. `asking`: `goLive` is not answered yet. `connecting`: a transport,
 * but no connection yet. `connected`. `interrupted`: it was, and packets stopped getting through.
 */
export type LiveLink = 'none' | 'asking' | 'connecting' | 'connected' | 'interrupted';
export type LiveFailure = ErrorCode | 'noMedia';
/** `retry` after a failure, `connect` for media to get through, `settle` for an interruption to heal. */
export type LiveTimer = 'retry' | 'connect' | 'settle';

export type LiveEvent =
  | { type: 'started' | 'stopped' | 'signalingOpened' | 'signalingLost' | 'transportLost' }
  /** `goLive` was answered. */
  | { type: 'accepted' }
  | { type: 'goLiveFailed'; code: ErrorCode }
  | { type: 'mediaConnected' | 'mediaInterrupted' | 'mediaFailed' | 'timerEnded' }
  | { type: 'ended'; reason: EndReason };

/** `release` closes what sends without a word to the server, `end` tells it. */
export type LiveEffect = 'goLive' | 'end' | 'release' | 'checkSignaling';
export type LiveStep = { state: LiveState; effects: LiveEffect[] };

/** From the server's answer to connected media: ICE, DTLS and TCP as a fallback fit well into it. */
const CONNECT_MS = 8_000;
/** How long an interruption may heal by itself before everything is made anew. */
const SETTLE_MS = 3_000;
const MAX_RETRY_MS = 4_000;

/** Trying again cannot help with these; everything else may pass. */
const FINAL: ReadonlySet<LiveFailure> = new Set<LiveFailure>([
  'badRequest',
  'conflict',
  'forbidden',
  'notFound',
  'unauthorized',
  'unknownMethod',
  'unsupportedMedia',
  'unsupportedProtocol',
]);

export const initialLive: LiveState = {
  wanted: false,
  online: false,
  link: 'none',
  wasLive: false,
  failures: 0,
  failure: null,
  ended: null,
  timer: null,
};

export function nextLive(state: LiveState, event: LiveEvent): LiveStep {
  switch (event.type) {
    case 'started':
      return ask({ ...initialLive, online: state.online, wanted: true });
    case 'stopped':
      return over(state, state.link === 'none' ? [] : ['end']);
    case 'signalingOpened':
      // The server ties a Publisher to its socket: behind a new one there is none, whatever still flows.
      return ask({ ...state, online: true });
    case 'signalingLost':
      return signalingLost(state);
    case 'transportLost':
      return state.link === 'none' ? only(state) : ask(state);
    case 'accepted':
      return accepted(state);
    case 'goLiveFailed':
      return failed({ ...state, link: 'none' }, event.code);
    case 'mediaConnected':
      return mediaConnected(state);
    case 'mediaInterrupted':
      return mediaInterrupted(state);
    case 'mediaFailed':
      return mediaFailed(state);
    case 'timerEnded':
      return timerEnded(state);
  }
  return ended(state, event.reason);
}

/** What the page shows of it. */
export type LivePhase = 'idle' | 'starting' | 'live' | 'reconnecting' | 'refused' | 'ended';

export function phaseOf({ wanted, link, wasLive, failure, ended: reason }: LiveState): LivePhase {
  if (reason !== null) return 'ended';
  if (!wanted) return failure === null ? 'idle' : 'refused';
  if (link === 'connected') return 'live';
  return wasLive ? 'reconnecting' : 'starting';
}

const only = (state: LiveState): LiveStep => ({ state, effects: [] });

function ask(state: LiveState): LiveStep {
  if (!state.wanted || !state.online) return only({ ...state, timer: null });
  return { state: { ...state, link: 'asking', timer: null }, effects: ['goLive'] };
}

function over(state: LiveState, effects: LiveEffect[]): LiveStep {
  return { state: { ...initialLive, online: state.online }, effects };
}

function accepted(state: LiveState): LiveStep {
  if (state.link !== 'asking') return only(state);
  const timer = { name: 'connect', afterMs: CONNECT_MS } as const;
  return only({ ...state, link: 'connecting', timer });
}

function signalingLost(state: LiveState): LiveStep {
  const link = state.link === 'asking' ? 'none' : state.link;
  return only({ ...state, online: false, link, timer: null });
}

function failed(state: LiveState, failure: LiveFailure): LiveStep {
  if (!state.wanted) return only(state);
  if (FINAL.has(failure)) {
    const refused = { ...initialLive, online: state.online, failure };
    return { state: refused, effects: ['release'] };
  }
  const afterMs = Math.min(MAX_RETRY_MS, 250 * 2 ** Math.min(state.failures, 8));
  const failures = state.failures + 1;
  return only({ ...state, failure, failures, timer: { name: 'retry', afterMs } });
}

function mediaConnected(state: LiveState): LiveStep {
  if (state.link === 'none' || state.link === 'asking') return only(state);
  const connected: LiveState = { ...state, link: 'connected', wasLive: true };
  return only({ ...connected, failures: 0, failure: null, timer: null });
}

function mediaInterrupted(state: LiveState): LiveStep {
  if (state.link !== 'connected') return only(state);
  const timer = state.online ? ({ name: 'settle', afterMs: SETTLE_MS } as const) : null;
  return { state: { ...state, link: 'interrupted', timer }, effects: ['checkSignaling'] };
}

function mediaFailed(state: LiveState): LiveStep {
  const settled = state.link === 'none' || state.link === 'asking' || state.timer?.name === 'retry';
  if (settled) return only(state);
  const interrupted: LiveState = { ...state, link: 'interrupted' };
  return state.failures > 0 ? failed(interrupted, 'noMedia') : ask({ ...interrupted, failures: 1 });
}

function timerEnded(state: LiveState): LiveStep {
  const name = state.timer?.name;
  const after = { ...state, timer: null };
  if (name === undefined) return only(after);
  return name === 'connect' ? failed(after, 'noMedia') : ask(after);
}

function ended(state: LiveState, reason: EndReason): LiveStep {
  if (!state.wanted) return only(state);
  return { state: { ...initialLive, online: state.online, ended: reason }, effects: ['release'] };
}
