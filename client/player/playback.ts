import type { Asset, ChannelInfo, PreferredLayer } from '../../signaling/contract/index.ts';
import type { Denial } from './access/denial.ts';
import type { Condition } from './live/condition.ts';
import type { LayerState } from './live/layer-state.ts';
import type { PlayerStats } from './figures/player-stats.ts';

/** What a media element tells by an event of this name. */
export type MediaEventType =
  | 'durationchange'
  | 'ended'
  | 'pause'
  | 'playing'
  | 'ratechange'
  | 'seekablechange'
  | 'seeked'
  | 'seeking'
  | 'timeupdate'
  | 'waiting';

export type PlaybackEvents = {
  conditionChanged: Condition;
  /** It may not be watched, and why; null when that was all. */
  denied: Denial | null;
  channelChanged: ChannelInfo;
  layerChanged: LayerState;
  assetChanged: Asset;
  /** It plays; `muted` when only that was allowed. */
  started: { muted: boolean };
  /** The browser wants a gesture before anything plays. */
  blocked: undefined;
  /** Trying again cannot help; the reason in words. */
  failed: string;
  /** To be told by the media element. */
  media: MediaEventType;
};

/** The time of something stored, as a media element tells it; while there is no media yet, what is wanted of it. */
export type Timeline = {
  /** Seconds; NaN while it is not known. */
  readonly duration: number;
  /** Of the picture that is shown; while it seeks, where to. Seconds. */
  currentTime: number;
  playbackRate: number;
  readonly seeking: boolean;
  readonly ended: boolean;
  /** As HTMLMediaElement's. */
  readonly readyState: number;
  readonly buffered: TimeRanges;
  readonly seekable: TimeRanges;
  /** Does what the `<video>` tells of its own time hold for this at present? */
  readonly videoKeepsTime: boolean;
  /** Goes there as one of many that follow at once, while the seek bar is dragged; the last one is to be exact. */
  scrub(seconds: number): void;
  /** So many pictures on, or back. */
  step(frames: number): void;
};

/** How a thing is played in a `<video>`: a live Channel, or something stored by whatever way. */
export interface Playback {
  /** Null for what is live. */
  readonly timeline: Timeline | null;
  /** Is the `<video>` being given another source, whose coming and going is nobody's pause? */
  readonly changingSource: boolean;
  on<E extends keyof PlaybackEvents>(
    event: E,
    listener: (data: PlaybackEvents[E]) => void,
  ): () => void;
  /** To be called within the gesture, where there was one. */
  play(): void;
  pause(): void;
  /** A Layer's or Rendition's index (lowest 0), or `auto`. */
  prefer(layer: PreferredLayer): void;
  /** What was refused is asked for once more. */
  askAgain(): void;
  stats(): PlayerStats;
  close(): void;
}
