import type { PreferredLayer } from '../../signaling/contract/index.ts';
import type { Condition } from './condition.ts';
import { layerLabel } from './layers.ts';
import type { Timeline } from './playback.ts';
import type { PlayerStats } from './player-stats.ts';
import { bufferedAfter, type Rung } from './rungs.ts';
import { readFigures } from './statistics.ts';
import type { StoredSource } from './stored-source.ts';

export type StoredKnowledge = {
  assetId: string;
  condition: Condition;
  framesPresented: number;
  timeToFirstFrameMs: number | null;
  preferredLayer: PreferredLayer;
  rungs: readonly Rung[];
  source: Pick<StoredSource, 'via' | 'rendition' | 'bandwidth'> | null;
  timeline: Pick<Timeline, 'currentTime' | 'duration'>;
};

type Played = Pick<
  HTMLVideoElement,
  'videoWidth' | 'videoHeight' | 'buffered' | 'getVideoPlaybackQuality'
>;

/** The figures of something stored, in the form that those of a live Channel have. */
export function summarizeStored(video: Played, knowledge: StoredKnowledge): PlayerStats {
  const { assetId, rungs, source, timeline, ...known } = knowledge;
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
  const index = rungs.findIndex(({ name }) => name === source?.rendition);
  const rung = rungs[index];
  return {
    ...readFigures([], null).figures,
    ...known,
    channelId: assetId,
    live: false,
    layer: rung === undefined ? null : index,
    layerLabel: rung === undefined ? null : layerLabel(rung),
    layerReason: null,
    layerSentence: sentenceOf(rung, known.preferredLayer),
    layers: rungs.length,
    availableBitrate: source?.bandwidth ?? null,
    bitrate: rung?.bitrate || null,
    latencyMs: null,
    latencyFrom: null,
    width: video.videoWidth || null,
    height: video.videoHeight || null,
    framesDecoded: totalVideoFrames,
    framesDropped: droppedVideoFrames,
    joins: 0,
    stored: {
      assetId,
      via: source?.via ?? null,
      rendition: source?.rendition ?? null,
      bufferedSeconds: bufferedAfter(rangesOf(video.buffered), timeline.currentTime),
      position: timeline.currentTime,
      duration: Number.isFinite(timeline.duration) ? timeline.duration : null,
    },
  };
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
