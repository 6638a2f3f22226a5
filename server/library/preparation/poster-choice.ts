/** A small picture of a film: RGB, three bytes a pixel. */
export type SmallPicture = { rgb: Uint8Array; width: number; height: number };

const LEVELS = 16;

/** What speaks for a picture as the one that stands for the film, 0 and more. */
export function pictureScore({ rgb, width, height }: SmallPicture): number {
  const luma = lumaOf(rgb, width * height);
  const { mean, deviation } = spread(luma);
  // Black and white leaders, fades: next to nothing to see.
  const light = mean < 24 || mean > 235 ? 0.05 : 1;
  const contrast = Math.min(1, deviation / 50);
  return light * (0.1 + contrast + entropy(luma) + sharpness(luma, width, height));
}

/**
 * Which of the pictures stands for the film. Of two that are much alike the one nearer a third of the film is
 * taken, where it has begun and tells nothing of its end; the very first is taken where it is the only one.
 */
export function choosePoster(scores: readonly number[]): number {
  let best = 0;
  let highest = -1;
  for (const [index, score] of scores.entries()) {
    const place = scores.length < 2 ? 0 : index / (scores.length - 1);
    const weighed = score * (1 - 0.3 * Math.abs(place - 1 / 3)) * (index === 0 ? 0.7 : 1);
    if (weighed <= highest) continue;
    highest = weighed;
    best = index;
  }
  return best;
}

/** BT.709. */
function lumaOf(rgb: Uint8Array, pixels: number): Float32Array {
  const luma = new Float32Array(pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 1, at += 3) {
    luma[pixel] =
      0.2126 * (rgb[at] ?? 0) + 0.7152 * (rgb[at + 1] ?? 0) + 0.0722 * (rgb[at + 2] ?? 0);
  }
  return luma;
}

function spread(luma: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const value of luma) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / luma.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / luma.length - mean * mean)) };
}

/** 0 for one level of brightness, 1 for all equally often. */
function entropy(luma: Float32Array): number {
  const counts = Array.from({ length: LEVELS }, () => 0);
  for (const value of luma) {
    const level = Math.min(LEVELS - 1, Math.floor((value * LEVELS) / 256));
    counts[level] = (counts[level] ?? 0) + 1;
  }
  const shares = counts.filter((count) => count > 0).map((count) => count / luma.length);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0) / Math.log2(LEVELS);
}

/** The mean difference of neighbours: a blurred picture has little of it. At most 1. */
function sharpness(luma: Float32Array, width: number, height: number): number {
  let sum = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 1; x < width; x += 1) {
      sum += Math.abs((luma[y * width + x] ?? 0) - (luma[y * width + x - 1] ?? 0));
    }
  }
  return Math.min(1, sum / (Math.max(1, width - 1) * height) / 20);
}
