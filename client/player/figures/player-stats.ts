import type { Layer, PreferredLayer } from '../../../signaling/contract/index.ts';
import type { Condition } from '../live/condition.ts';
import { layerLabel, layerSentence } from '../layers.ts';
import type { StreamFigures } from './statistics.ts';
import type { ViewingSession } from '../live/viewing-session.ts';
import type { Way, WayReason } from '../ways/way-choice.ts';

export type Latency = {
  /** Until the picture was shown, milliseconds. */
  latencyMs: number | null;
  /** From its capture, or, where the source does not tell that, from the server's sending of it. */
  latencyFrom: 'source' | 'server' | null;
};

/** Everything that the figures panel shows; `sfumato-video.stats()` and `window.sfumato.stats()`. */
export type PlayerStats = StreamFigures &
  Latency & {
    /** Why there is a picture, or why there is none. */
    condition: Condition;
    channelId: string;
    live: boolean;
    /** Index of the Layer that is sent now, lowest 0; null while there is none. */
    layer: number | null;
    /** Such as `720p`. */
    layerLabel: string | null;
    /** Why this Layer: one of the contract's LAYER_REASONS. */
    layerReason: string | null;
    /** The same for people. */
    layerSentence: string;
    layers: number;
    /** What was asked for: a Layer's index, `auto` or `audioOnly`. */
    preferredLayer: PreferredLayer;
    /** The server's estimate of what the link carries, bits a second. */
    availableBitrate: number | null;
    /** Video and audio together, bits a second. */
    bitrate: number | null;
    framesPresented: number;
    /** From `play()` to the first picture presented, milliseconds. */
    timeToFirstFrameMs: number | null;
    /** Joins asked for: one, and one more for each recovery. */
    joins: number;
    /** Of an Asset only. */
    stored?: StoredFigures;
  };

export type StoredFigures = {
  assetId: string;
  /** How it comes; null before it does. */
  via: Way | null;
  /** What WebRTC goes over; null otherwise, and while it is not known. */
  protocol: 'udp' | 'tcp' | null;
  /** Why it does not come over WebRTC; null where it does. */
  wayReason: WayReason | null;
  /** The file name of what is shown. */
  rendition: string | null;
  /** Seconds that are there from the position on; null of a stream, of which nothing is loaded ahead. */
  bufferedSeconds: number | null;
  /** Of the picture that is presented, seconds. */
  position: number;
  playbackRate: number;
  /** Is it played at a speed at which there is no sound? */
  soundRests: boolean;
  /** From the last seek to its picture's being presented, milliseconds; null before one. */
  lastSeekMs: number | null;
  /** Seconds; null while it is not known. */
  duration: number | null;
};

type Measured = Pick<
  PlayerStats,
  'condition' | 'framesPresented' | keyof Latency | 'timeToFirstFrameMs'
>;

/** Puts together what the session knows, what the browser counted and what the player measured. */
export function summarize(
  { channelId, channel, layer, preferredLayer, joins }: ViewingSession,
  figures: StreamFigures,
  measured: Measured,
): PlayerStats {
  const layers = channel?.layers ?? [];
  const present = presentLayer(layers, layer.spatialLayer, figures);
  return {
    ...figures,
    ...measured,
    channelId,
    live: channel?.live ?? false,
    layer: layer.spatialLayer,
    layerLabel: present === undefined ? null : layerLabel(present),
    layerReason: layer.reason,
    layerSentence: layerSentence(present, layer.reason),
    layers: layers.length,
    preferredLayer,
    availableBitrate: layer.availableBitrate,
    bitrate: sum(figures.videoBitrate, figures.audioBitrate),
    joins,
  };
}

/** The Layer that is sent; where the server cannot say how large it is, by the picture that arrives. */
function presentLayer(
  layers: readonly Layer[],
  spatialLayer: number | null,
  { width, height }: StreamFigures,
): Pick<Layer, 'width' | 'height'> | undefined {
  if (spatialLayer === null) return undefined;
  const arriving = width === null || height === null ? undefined : { width, height };
  return layers[spatialLayer] ?? arriving;
}

function sum(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
