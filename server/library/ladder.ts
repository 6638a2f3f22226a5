/** Which Renditions a source gets. Pure: sizes, rates and key frames in, numbers out. */

import { type Rational, rational, toNumber } from '../ffmpeg/rational.ts';

/** Frames a second as an exact ratio. */
export type FrameRate = Rational;

export type LadderSource = {
  /** Square pixels as they are to be seen: after rotation and sample aspect ratio. */
  displayWidth: number;
  displayHeight: number;
  /** Average rate; undefined where the file does not tell. */
  framesPerSecond: FrameRate | undefined;
  variableFrameRate: boolean;
};

export type Rung = {
  width: number;
  height: number;
  /** Bits a second that the encoder may not exceed for long. */
  maxBitrate: number;
  /** A key frame every so many frames. */
  keyFrameInterval: number;
};

export type Ladder = { frameRate: FrameRate /** Low to high. */; rungs: Rung[] };

/** Constrained baseline 3.1: 3600 macroblocks a frame, 108000 a second (H.264 table A-1). */
const LONG_SIDE = 1280;
const SHORT_SIDE = 720;
const MAX_FRAMES_PER_SECOND = 30;

/** Below this a Layer is not worth looking at, and a phone's full width is no help. */
const MIN_SHORT_SIDE = 120;

/** Slower sources repeat frames: a silent Layer counts as dead in the SFU after 1.5 s. */
const MIN_FRAMES_PER_SECOND = 10;

/** 1280x720 at 30: with sound about 2 Mbit/s. */
const REFERENCE_BITRATE = 1_900_000;
const REFERENCE_PIXELS = 1280 * 720;

/** Half the size, a quarter of the pixels, takes 30 % of the bits; half the frames 60 %. */
const BITS_BY_PIXELS = 0.87;
const BITS_BY_RATE = 0.75;

/** How often one can join, and so how long a newcomer waits at most for a picture, seconds. */
const JOIN_INTERVAL_SECONDS = 1 / 6;
/** Every so many of those frames is a key frame in the higher rungs too: about one a second. */
export const KEY_FRAME_RATIO = 6;
/** So many key frames cost bits: this much more keeps the lowest rung as sharp as with one a second. */
const LOWEST_RUNG_ALLOWANCE = 1.25;

export function planLadder(source: LadderSource): Ladder {
  const frameRate = planFrameRate(source.framesPerSecond, source.variableFrameRate);
  const top = fit(source.displayWidth, source.displayHeight);
  const sizes = [4, 2, 1]
    .map((divisor) => ({ width: even(top.width / divisor), height: even(top.height / divisor) }))
    .filter(({ width, height }, index) => index === 2 || Math.min(width, height) >= MIN_SHORT_SIDE);
  const shortest = Math.max(1, Math.round(toNumber(frameRate) * JOIN_INTERVAL_SECONDS));
  return {
    frameRate,
    rungs: sizes.map(({ width, height }, index) => ({
      width,
      height,
      maxBitrate: bitrateOf(width * height, toNumber(frameRate), index === 0),
      // A Viewer starts on the lowest Layer; all others have their key frames on some of the same frames.
      keyFrameInterval: index === 0 ? shortest : shortest * KEY_FRAME_RATIO,
    })),
  };
}

/** 4:2:0 needs even sides. */
const even = (side: number): number => Math.max(2, Math.round(side / 2) * 2);

/** The largest size inside the frame that is not larger than the source. */
function fit(width: number, height: number): { width: number; height: number } {
  const isPortrait = height > width;
  const [maxWidth, maxHeight] = isPortrait ? [SHORT_SIDE, LONG_SIDE] : [LONG_SIDE, SHORT_SIDE];
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  // Rounding to even may not pass the source's own size, or the frame's.
  return {
    width: Math.min(even(width * scale), Math.max(2, width - (width % 2))),
    height: Math.min(even(height * scale), Math.max(2, height - (height % 2))),
  };
}

function bitrateOf(pixels: number, framesPerSecond: number, isLowest: boolean): number {
  const bySize = (pixels / REFERENCE_PIXELS) ** BITS_BY_PIXELS;
  const byRate = (framesPerSecond / MAX_FRAMES_PER_SECOND) ** BITS_BY_RATE;
  const allowance = isLowest ? LOWEST_RUNG_ALLOWANCE : 1;
  const bitrate = REFERENCE_BITRATE * bySize * byRate * allowance;
  return Math.max(60_000, Math.round(bitrate / 10_000) * 10_000);
}

/** Rates that exist; a measured average within 1 % of one means that one. */
const STANDARD_RATES: readonly FrameRate[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 48, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];

const DEFAULT_RATE: FrameRate = { num: 30, den: 1 };

export function planFrameRate(average: FrameRate | undefined, isVariable: boolean): FrameRate {
  if (!average) return DEFAULT_RATE;
  const standard = nearestStandard(average);
  // Where the distance changes, 30 shows every frame near its time; repeats cost next to nothing.
  if (isVariable) return standard && toNumber(standard) <= 30 ? standard : DEFAULT_RATE;
  return inRange(standard ?? average);
}

function nearestStandard(rate: FrameRate): FrameRate | undefined {
  const distance = (other: FrameRate) => Math.abs(toNumber(other) / toNumber(rate) - 1);
  const nearest = STANDARD_RATES.reduce((best, other) =>
    distance(other) < distance(best) ? other : best,
  );
  return distance(nearest) < 0.01 ? nearest : undefined;
}

/** Every second, third, ... frame of a fast source, so that motion stays even; a slow one doubled. */
function inRange(rate: FrameRate): FrameRate {
  const value = toNumber(rate);
  if (value < MIN_FRAMES_PER_SECOND) {
    return reduce(rate.num * Math.ceil(MIN_FRAMES_PER_SECOND / value), rate.den);
  }
  // A little above 30 rather loses a frame now and then than half of them.
  const divisor = Math.max(1, Math.ceil(value / MAX_FRAMES_PER_SECOND - 0.2));
  const slower = reduce(rate.num, rate.den * divisor);
  return toNumber(slower) > MAX_FRAMES_PER_SECOND ? DEFAULT_RATE : slower;
}

/** Lowest terms. A ratio that no container's clock holds is rounded to thousandths. */
function reduce(num: number, den: number): FrameRate {
  const lowest = rational(num, den) ?? DEFAULT_RATE;
  return lowest.den > 1001 ? reduce(Math.round((num / den) * 1000), 1000) : lowest;
}
