type HasLayers = { layers: readonly { height: number; width: number }[] };
type HasFiles = {
  files: readonly { role: string; height?: number | undefined; width?: number | undefined }[];
};

/** What can be chosen of an Asset or a Channel: the shorter sides of its pictures, lowest first. Pixels. */
export function heightsOf(asset: HasFiles | null, channel: HasLayers | null): number[] {
  const sizes =
    asset?.files.filter(({ role, height }) => role === 'rendition' && height !== undefined) ??
    channel?.layers ??
    [];
  return sizes
    .map(({ width = 0, height = 0 }) => Math.min(width, height))
    .toSorted((a, b) => a - b);
}

/** The highest that is no higher than what is wanted; the lowest where all are. */
export function indexForHeight(heights: readonly number[], wanted: number): number {
  const index = heights.findLastIndex((height) => height <= wanted);
  return Math.max(0, index);
}
