import type { SignalingState } from '../../../signaling/client/index.ts';
import type { ChannelInfo } from '../../../signaling/contract/index.ts';
import { hasGivenUp, type RecoveryState } from './recovery.ts';
import type { Rest } from './rest.ts';

/**
 * Why there is a picture or why there is none. Never a black rectangle without a name: each one is an
 * event, a sentence for people, and a figure in `stats()`.
 */
export const CONDITIONS = {
  ready: '',
  playing: '',
  paused: '',
  connecting: 'Connecting …',
  waitingForPicture: 'Connected. Waiting for the first picture …',
  offAir: 'Off air. It starts by itself as soon as this channel is on air.',
  reconnecting: 'The connection was lost. Coming back …',
  broadcasterAway: 'The broadcaster is reconnecting …',
  soundOnly: 'This channel has sound only.',
  soundChosen: 'Sound only, as you chose.',
  soundFirst:
    'Your connection carries the sound only at present. The picture comes back by itself.',
  autoplayBlocked: 'Your browser waits for you: press play to start.',
  notSupported: 'This browser cannot play live video (it has no WebRTC). Try a current one.',
  cannotDecode: 'This browser cannot decode this video. You hear its sound.',
  networkBlocked:
    'Your network lets no media through (neither UDP nor TCP). Another network, or a VPN, may help.',
  notFound: 'There is no channel of this name.',
  forbidden: 'You may not watch this channel.',
  /** Which of the reasons it is, and what can be done, says `refusal`. */
  denied: 'You may not watch this.',
  refused: 'The server and this page do not understand each other. Reloading the page may help.',
  serverUnreachable: 'The server cannot be reached. Trying again …',
  // Of what is stored:
  loading: 'Loading …',
  buffering: 'Waiting for more to arrive …',
  ended: 'The end.',
  uploading: 'This is still being uploaded. It starts by itself.',
  preparing: 'This is being prepared. It starts by itself as soon as there is something to watch.',
  assetRefused: 'This file cannot be played.',
  assetNotFound: 'There is nothing at this address, or it is not for everybody.',
  deleted: 'This was taken out of the library, or is no longer for everybody.',
  cannotPlay: 'This browser cannot play this. Another one may, and the file can be downloaded.',
} as const;
export type Condition = keyof typeof CONDITIONS;

export type ConditionFacts = {
  paused: boolean;
  autoplayBlocked: boolean;
  signaling: SignalingState;
  /** Tries to reach the server that have failed in a row. */
  signalingFailures: number;
  recovery: RecoveryState;
  /** The server has said that it may not be watched, and nothing else since. */
  denied: boolean;
  channel: ChannelInfo | null;
  receivesVideo: boolean;
  /** Why no picture is sent though there is one. */
  rest: Rest | null;
  /** A picture of the present broadcast was shown, or sound-only media plays. */
  presented: boolean;
  /** A picture of any broadcast was shown since play(). */
  presentedBefore: boolean;
  /** Packets are due, and none has come for a while. */
  silent: boolean;
};

/** Two tries are a blip; from the third on, the person is told that it is the server. */
const UNREACHABLE_AFTER_FAILURES = 3;

export function conditionOf(facts: ConditionFacts): Condition {
  if (facts.denied) return 'denied';
  if (facts.autoplayBlocked) return 'autoplayBlocked';
  if (facts.paused) return facts.presentedBefore ? 'paused' : 'ready';
  return failureOf(facts) ?? pictureOf(facts);
}

function failureOf({ recovery, signaling, signalingFailures, ...facts }: ConditionFacts) {
  if (hasGivenUp(recovery)) return refusalOf(recovery);
  const away = signaling !== 'open' && recovery.link !== 'connected';
  if (away && signalingFailures >= UNREACHABLE_AFTER_FAILURES) return 'serverUnreachable';
  if (recovery.failure === 'notFound') return 'notFound';
  if (recovery.failure === 'noMedia' && recovery.failures > 1 && !facts.presentedBefore) {
    return 'networkBlocked';
  }
  return null;
}

function refusalOf({ failure }: RecoveryState): Condition {
  if (failure === 'unsupportedMedia') return 'notSupported';
  return failure === 'forbidden' || failure === 'unauthorized' ? 'forbidden' : 'refused';
}

/** Sound goes on in each; a hidden picture is back before anybody sees that it was gone. */
const RESTING: Record<Rest, Condition> = {
  audioOnly: 'soundChosen',
  soundFirst: 'soundFirst',
  hidden: 'playing',
};

function pictureOf(facts: ConditionFacts): Condition {
  const { recovery, channel } = facts;
  const holds = recovery.link === 'connected' || recovery.link === 'connecting';
  const attached = holds || recovery.link === 'joined';
  if (attached && channel !== null && !channel.live) return 'offAir';
  if (attached && channel?.reconnecting === true) return 'broadcasterAway';
  if (!holds) return facts.presentedBefore ? 'reconnecting' : 'connecting';
  if (recovery.link === 'connecting' && !facts.presented) {
    return facts.presentedBefore ? 'reconnecting' : 'connecting';
  }
  if (facts.silent) return facts.presented ? 'reconnecting' : 'waitingForPicture';
  if (facts.rest !== null && facts.receivesVideo) return RESTING[facts.rest];
  if (!facts.presented) return 'waitingForPicture';
  if (facts.receivesVideo) return 'playing';
  return channel?.hasVideo ? 'cannotDecode' : 'soundOnly';
}
