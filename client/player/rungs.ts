import type { Asset, AssetFile } from '../../signaling/contract/index.ts';

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

/** The still picture of an Asset that comes nearest to a width from above, in a format that every browser has. */
export function stillOf({ files }: Pick<Asset, 'files'>, width: number): AssetFile | undefined {
  const stills = files
    .filter(({ role, type }) => (role === 'poster' || role === 'cover') && STILLS.test(type))
    .toSorted((a, b) => (a.width ?? 0) - (b.width ?? 0));
  return stills.find((still) => (still.width ?? 0) >= width) ?? stills.at(-1);
}

const STILLS = /^image\/(?:jpeg|png)\b/;
