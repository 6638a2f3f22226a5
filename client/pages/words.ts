import type { ChannelInfo } from '../../signaling/contract/index.ts';
import { layerLabel } from '../player/layers.ts';

/** `1 person is watching`, `12 people are watching`. */
export function viewersWords(viewers: number): string {
  if (viewers === 0) return 'nobody is watching';
  return viewers === 1 ? '1 person is watching' : `${viewers} people are watching`;
}

/** What a Channel offers: `180p, 360p, 720p`, or that it is sound only. */
export function qualityWords({ live, hasVideo, hasAudio, layers }: ChannelInfo): string {
  if (!live) return 'off air';
  if (!hasVideo) return hasAudio ? 'sound only' : '';
  const labels = [...new Set(layers.map(layerLabel))].join(', ');
  return hasAudio ? labels : `${labels}, silent`;
}
