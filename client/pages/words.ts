import type { ChannelInfo } from '../../signaling/contract/index.ts';
import { layerLabel } from '../player/layers.ts';

/** `1 person is watching`, `12 people are watching`. */
export function viewersWords(viewers: number): string {
  if (viewers === 0) return 'nobody is watching';
  return viewers === 1 ? '1 person is watching' : `${viewers} people are watching`;
}

/** `1.4 GB`, by thousands, as disks are sold. */
export function sizeWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[power]}`;
}

/** What a Channel offers: `180p, 360p, 720p`, or that it is sound only. */
export function qualityWords({ live, hasVideo, hasAudio, layers }: ChannelInfo): string {
  if (!live) return 'off air';
  if (!hasVideo) return hasAudio ? 'sound only' : '';
  const labels = [...new Set(layers.map(layerLabel))].join(', ');
  return hasAudio ? labels : `${labels}, silent`;
}
