import type { Asset, ChannelInfo, PreferredLayer } from '../../signaling/contract/index.ts';
import type { Condition } from './condition.ts';
import type { LayerState } from './layer-state.ts';
import type { PlayerStats } from './player-stats.ts';

export type PlaybackEvents = {
  conditionChanged: Condition;
  channelChanged: ChannelInfo;
  layerChanged: LayerState;
  assetChanged: Asset;
  /** It plays; `muted` when only that was allowed. */
  started: { muted: boolean };
  /** The browser wants a gesture before anything plays. */
  blocked: undefined;
  /** Trying again cannot help; the reason in words. */
  failed: string;
};

/** The time of something stored, as a media element tells it; while there is no media yet, what is wanted of it. */
export type Timeline = {
  /** Seconds; NaN while it is not known. */
  readonly duration: number;
  /** Seconds. */
  currentTime: number;
  readonly ended: boolean;
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
  stats(): PlayerStats;
  close(): void;
}
