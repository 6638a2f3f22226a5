import type { Condition } from './condition.ts';

/** What stands over the picture in each condition. */
export type Overlay = {
  /** The whole haze, a thin one over the last picture, or none. */
  over: 'everything' | 'picture' | 'nothing';
  shows: 'play' | 'breath' | 'words' | 'nothing';
};

const EVERYTHING: Overlay = { over: 'everything', shows: 'words' };
const BUSY: Overlay = { over: 'everything', shows: 'breath' };

const OVERLAYS: Record<Condition, Overlay> = {
  ready: { over: 'everything', shows: 'play' },
  playing: { over: 'nothing', shows: 'nothing' },
  paused: { over: 'picture', shows: 'play' },
  connecting: BUSY,
  waitingForPicture: BUSY,
  offAir: EVERYTHING,
  reconnecting: { over: 'picture', shows: 'breath' },
  broadcasterAway: { over: 'picture', shows: 'breath' },
  soundOnly: EVERYTHING,
  soundChosen: { over: 'picture', shows: 'words' },
  soundFirst: { over: 'picture', shows: 'words' },
  autoplayBlocked: { over: 'everything', shows: 'play' },
  notSupported: EVERYTHING,
  cannotDecode: EVERYTHING,
  networkBlocked: EVERYTHING,
  notFound: EVERYTHING,
  forbidden: EVERYTHING,
  refused: EVERYTHING,
  serverUnreachable: { over: 'picture', shows: 'breath' },
};

export function overlayOf(condition: Condition): Overlay {
  return OVERLAYS[condition];
}
