import type { PreferredLayer } from '../../../signaling/contract/index.ts';
import type { Condition } from '../live/condition.ts';
import { layerLabel } from '../layers.ts';
import type { Timeline } from '../playback.ts';
import type { PlayerStats, StoredFigures } from './player-stats.ts';
import { bufferedAfter, type Rung } from '../stored/rungs.ts';
import { readFigures, type StreamFigures } from './statistics.ts';
import type { StoredSource } from '../stored/stored-source.ts';
import type { WayTold } from '../ways/way-words.ts';

export type StoredKnowledge = {
  assetId: string;
  condition: Condition;
  framesPresented: number;
  timeToFirstFrameMs: number | null;
  /** Of a seek in the `<video>`, milliseconds. */
  lastSeekMs: number | null;
  preferredLayer: PreferredLayer;
  rungs: readonly Rung[];
  source: StoredSource | null;
  way: WayTold | null;
  timeline: Pick<Timeline, 'currentTime' | 'duration' | 'playbackRate'>;
};

type Played = Pick<
  HTMLVideoElement,
  'videoWidth' | 'videoHeight' | 'buffered' | 'getVideoPlaybackQuality'
>;

/** The figures of something stored, in the form that those of a live Channel have. */
export function summarizeStored(video: Played, knowledge: StoredKnowledge): PlayerStats {
  const { assetId, rungs, source, condition, preferredLayer, ...known } = knowledge;
  const index = rungs.findIndex(({ name }) => name === source?.rendition);
  const rung = rungs[index];
  return {
    ...countedFigures(video, source),
    condition,
    preferredLayer,
    framesPresented: known.framesPresented,
    timeToFirstFrameMs: known.timeToFirstFrameMs,
    channelId: assetId,
    live: false,
    layer: rung === undefined ? null : index,
    layerLabel: rung === undefined ? null : layerLabel(rung),
    layerReason: null,
    layerSentence: sentenceOf(rung, preferredLayer),
    layers: rungs.length,
    availableBitrate: source?.bandwidth ?? null,
    bitrate: bitrateOf(source, rung),
    latencyMs: null,
    latencyFrom: null,
    width: video.videoWidth || null,
    height: video.videoHeight || null,
    joins: 0,
    stored: storedFigures(video, knowledge),
  };
}

function storedFigures(video: Played, knowledge: StoredKnowledge): StoredFigures {
  const { assetId, source, timeline, way } = knowledge;
  const { currentTime: position, duration, playbackRate } = timeline;
  const streams = source !== null && source.clock !== null;
  return {
    assetId,
    via: source?.via ?? null,
    protocol: way?.protocol ?? null,
    wayReason: way?.reason ?? null,
    rendition: source?.rendition ?? null,
    bufferedSeconds: streams ? null : bufferedAfter(rangesOf(video.buffered), position),
    position,
    duration: Number.isFinite(duration) ? duration : null,
    playbackRate,
    soundRests: source?.soundRests ?? false,
    lastSeekMs: source?.lastSeekMs ?? knowledge.lastSeekMs,
  };
}

/** By the connection where there is one; else as far as the browser counts pictures. */
function countedFigures(video: Played, source: StoredSource | null): StreamFigures {
  if (source?.figures) return source.figures;
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
  return {
    ...readFigures([], null).figures,
    framesDecoded: totalVideoFrames,
    framesDropped: droppedVideoFrames,
  };
}

function bitrateOf(source: StoredSource | null, rung: Rung | undefined): number | null {
  const { videoBitrate = null, audioBitrate = null } = source?.figures ?? {};
  if (videoBitrate === null && audioBitrate === null) return rung?.bitrate || null;
  return (videoBitrate ?? 0) + (audioBitrate ?? 0);
}

function sentenceOf(rung: Rung | undefined, preferred: PreferredLayer): string {
  if (rung === undefined) return 'None is shown at present.';
  const why =
    preferred === 'auto' ? 'what your connection carries and this size needs' : 'chosen by you';
  return `${layerLabel(rung)}: ${why}.`;
}

function rangesOf(ranges: TimeRanges): { start: number; end: number }[] {
  return Array.from({ length: ranges.length }, (_, index) => ({
    start: ranges.start(index),
    end: ranges.end(index),
  }));
}
