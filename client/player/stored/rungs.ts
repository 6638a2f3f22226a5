import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';

export { stillOf } from '../../../signaling/contract/index.ts';

/** One Rendition with a picture. */
export type Rung = { name: string; width: number; height: number; bitrate: number };

/** The Renditions that can be chosen, lowest first. */
export function rungsOf({ files }: Pick<Asset, 'files'>): Rung[] {
  return files.flatMap(rungOf).toSorted((a, b) => a.width * a.height - b.width * b.height);
}

function rungOf({ role, name, width, height, bitrate = 0 }: AssetFile): Rung[] {
  if (role !== 'rendition' || width === undefined || height === undefined) return [];
  return [{ name, width, height, bitrate }];
}

/** Seconds that are there from a position on, in what a media element has loaded. */
export function bufferedAfter(
  ranges: readonly { start: number; end: number }[],
  position: number,
): number {
  const range = ranges.find(({ start, end }) => start <= position + 0.1 && end > position);
  return range === undefined ? 0 : range.end - position;
}
