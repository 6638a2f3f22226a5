/** What one simulcast Layer is encoded with; lowest Layer first (docs/decisions/first-layer-is-the-lowest.md). */
export type LayerPlan = {
  scaleResolutionDownBy: number;
  /** Bits a second at most; the browser's own estimate of the link decides how much of it is used. */
  maxBitrate: number;
};

export type PictureSize = { width: number; height: number; framesPerSecond: number };

/** 1280 × 720 at 30 pictures a second look good at this rate in VP8 and constrained baseline H.264. */
const REFERENCE = { pixels: 1280 * 720, framesPerSecond: 30, bitrate: 2_500_000 };
/** Larger pictures need fewer bits a pixel, and more pictures a second fewer bits a picture. */
const PIXEL_EXPONENT = 0.9;
const RATE_EXPONENT = 0.6;
const LIMITS = { least: 80_000, most: 8_000_000 };

/** The shorter side, pixels, that a Layer has at least; below it a lower Layer is worth nothing. */
const LEAST_SIDE = 90;

/** Three Layers of a quarter, half and full size; fewer where the picture is too small to divide. */
export function planLayers({ width, height, framesPerSecond }: PictureSize): LayerPlan[] {
  const shorterSide = Math.min(width, height);
  const scales = [4, 2, 1].filter((scale) => scale === 1 || shorterSide / scale >= LEAST_SIDE);
  return scales.map((scale) => ({
    scaleResolutionDownBy: scale,
    maxBitrate: maxBitrate((width * height) / scale ** 2, framesPerSecond),
  }));
}

/** Of what a link carries, that much is for the picture: it varies, and is shared with others. */
const SHARE_OF_LINK = 0.8;
const SOUND_BITRATE = 64_000;
/** A Layer that gets less than this part of what it is worth looks worse than the one below. */
const LEAST_PART = 0.4;

/**
 * What of a plan a link carries: from the lowest Layer up, each as it is worth, the last with what is left.
 * The lowest always stays.
 *
 * @param linkBitrate bits a second; null: not known, and so no limit
 */
export function fitToLink(layers: readonly LayerPlan[], linkBitrate: number | null): LayerPlan[] {
  if (linkBitrate === null) return [...layers];
  let left = linkBitrate * SHARE_OF_LINK - SOUND_BITRATE;
  const fitting: LayerPlan[] = [];
  for (const layer of layers) {
    const affordable = Math.min(layer.maxBitrate, Math.max(LIMITS.least, left));
    if (fitting.length > 0 && left < layer.maxBitrate * LEAST_PART) break;
    fitting.push({ ...layer, maxBitrate: Number(affordable.toPrecision(2)) });
    left -= affordable;
  }
  return fitting;
}

/**
 * The whole plan with its bitrates capped by the link. What does not fit is still offered, at the least that
 * it is worth: a measurement may be wrong, and the browser sends no Layer that its own estimate has no room for.
 */
export function capToLink(layers: readonly LayerPlan[], linkBitrate: number | null): LayerPlan[] {
  const fitting = fitToLink(layers, linkBitrate);
  return layers.map(
    (layer, index) =>
      fitting[index] ?? { ...layer, maxBitrate: Math.round(layer.maxBitrate * LEAST_PART) },
  );
}

/** Bits a second that a picture of so many pixels is worth, to two digits. */
export function maxBitrate(pixels: number, framesPerSecond: number): number {
  const size = (pixels / REFERENCE.pixels) ** PIXEL_EXPONENT;
  const rate = (framesPerSecond / REFERENCE.framesPerSecond) ** RATE_EXPONENT;
  const bitrate = Math.min(LIMITS.most, Math.max(LIMITS.least, REFERENCE.bitrate * size * rate));
  return Number(bitrate.toPrecision(2));
}

/**
 * Which of `count` Layers to encode: those up to the highest that anybody watches, and always the lowest,
 * so that the next Viewer sees something at once.
 */
export function activeLayers(count: number, maxSpatialLayer: number): boolean[] {
  return Array.from({ length: count }, (_, layer) => layer <= Math.max(0, maxSpatialLayer));
}
