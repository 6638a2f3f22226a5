import type { Condition } from '../live/condition.ts';

/** What stands over the picture in each condition. */
export type Overlay = {
  /** The whole haze, a thin one over the last picture, or none. */
  over: 'everything' | 'picture' | 'nothing';
  shows: 'play' | 'breath' | 'words' | 'progress' | 'access' | 'nothing';
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
  denied: { over: 'everything', shows: 'access' },
  refused: EVERYTHING,
  serverUnreachable: { over: 'picture', shows: 'breath' },
  loading: { over: 'picture', shows: 'breath' },
  buffering: { over: 'nothing', shows: 'breath' },
  ended: { over: 'picture', shows: 'play' },
  uploading: { over: 'everything', shows: 'progress' },
  preparing: { over: 'everything', shows: 'progress' },
  assetRefused: EVERYTHING,
  assetNotFound: EVERYTHING,
  deleted: EVERYTHING,
  cannotPlay: EVERYTHING,
};

const NOTHING: Overlay = { over: 'nothing', shows: 'nothing' };

export type OverlayFacts = {
  /** Is there a still picture that may be seen before it plays? */
  hasPoster?: boolean;
  /** Is it something stored? Its pictures are looked at while it stands still, too. */
  stored?: boolean;
  /** Did the person go from picture to picture since the pause? */
  looksAround?: boolean;
};

export function overlayOf(
  condition: Condition,
  { hasPoster = false, stored = false, looksAround = false }: OverlayFacts = {},
): Overlay {
  const stands = condition === 'paused' || condition === 'ended';
  if (stored && looksAround && stands) return NOTHING;
  const overlay = OVERLAYS[condition];
  if (stored && condition === 'paused') return { ...overlay, over: 'nothing' };
  const before = condition === 'ready' || condition === 'autoplayBlocked';
  return before && hasPoster ? { ...overlay, over: 'picture' } : overlay;
}
