import type { Layer } from '../../signaling/contract/index.ts';
import { words } from '../ffmpeg/ffmpeg.ts';

/** Layers of a ladder: those that are made, and the original on top. */
export const LADDER_LAYERS = 3;

/** Made from the original, lowest first. */
export interface LadderRung {
  width: number;
  height: number;
  /** Bits a second that the encoder may not exceed for long. */
  maxBitrate: number;
  /** A key frame this often. */
  keyFramesPerSecond: number;
}

type SourceLayer = Pick<Layer, 'width' | 'height' | 'framesPerSecond' | 'bitrate'>;

/** A half and a quarter of each side; of a small picture more, for a postage stamp is no picture. */
const DIVISORS: readonly { upTo: number; divisors: readonly [number, number] }[] = [
  { upTo: 240, divisors: [2, 4 / 3] },
  { upTo: 400, divisors: [3, 3 / 2] },
  { upTo: Number.POSITIVE_INFINITY, divisors: [4, 2] },
];

/** Nobody needs a lower Layer larger than this (short side): browsers decode it at H.264's level 3.1. */
const LARGEST_SHORT_SIDE = 720;

/** 1280x720 at 30; half the size takes 30 % of the bits, half the frames 60 %. */
const REFERENCE = { bitrate: 1_900_000, pixels: 1280 * 720, framesPerSecond: 30 };
const BITS_BY_PIXELS = 0.87;
const BITS_BY_RATE = 0.75;
const LEAST_BITRATE = 60_000;
/** Newcomers start in the lowest: many key frames, and what those cost. */
const LOWEST = { keyFramesPerSecond: 6, allowance: 1.25 };
const OTHERS = { keyFramesPerSecond: 1, allowance: 1 };

/** What is made below a picture of this size. */
export function planRungs(source: SourceLayer): LadderRung[] {
  const shortSide = Math.min(source.width, source.height);
  const divisors = DIVISORS.find(({ upTo }) => shortSide < upTo)?.divisors ?? [4, 2];
  const scale = Math.max(1, shortSide / 2 / LARGEST_SHORT_SIDE);
  return divisors.map((divisor, index) => {
    const width = even(source.width / divisor / scale);
    const height = even(source.height / divisor / scale);
    const { keyFramesPerSecond, allowance } = index === 0 ? LOWEST : OTHERS;
    const bitrate = bitrateOf(width * height, source.framesPerSecond) * allowance;
    return { width, height, keyFramesPerSecond, maxBitrate: rounded(bitrate) };
  });
}

/** What Viewers are told: lowest first, the original on top. */
export function withRungs(source: Layer): Layer[] {
  const { framesPerSecond } = source;
  const rungs = planRungs(source).map(({ width, height, maxBitrate }) => ({
    width,
    height,
    framesPerSecond,
    bitrate: maxBitrate,
  }));
  return [...rungs, source];
}

/** 4:2:0 needs even sides. */
const even = (side: number): number => Math.max(16, Math.round(side / 2) * 2);

function bitrateOf(pixels: number, framesPerSecond: number): number {
  const bySize = (pixels / REFERENCE.pixels) ** BITS_BY_PIXELS;
  const byRate = (framesPerSecond / REFERENCE.framesPerSecond) ** BITS_BY_RATE;
  return REFERENCE.bitrate * bySize * byRate;
}

const rounded = (bitrate: number): number =>
  Math.max(LEAST_BITRATE, Math.round(bitrate / 10_000) * 10_000);

/** ffmpeg from one FLV of H.264 to one for each rung, each picture at once and with its own timestamp. */
export function encoderArgs(
  rungs: readonly LadderRung[],
  { input, outputs }: { input: string; outputs: readonly string[] },
): string[] {
  return [
    ...words('-protocol_whitelist unix -format_whitelist flv -codec_whitelist h264'),
    // Nothing is looked at in advance and nothing is kept for reordering: there are no B-frames.
    ...words('-probesize 32 -fflags nobuffer -flags low_delay -threads 1'),
    ...['-f', 'flv', '-i', `unix:${input}`],
    // Milliseconds go through as they are: they are how a picture is known again.
    '-copyts',
    ...['-filter_complex', filterGraph(rungs)],
    ...rungs.flatMap((rung, index) => [
      ...['-map', `[v${index}]`, ...encoderSettings(rung)],
      `unix:${outputs[index] ?? ''}`,
    ]),
  ];
}

/** Each from the next larger one. */
function filterGraph(rungs: readonly LadderRung[]): string {
  const links: string[] = [];
  let from = '[0:v]';
  for (const [index, { width, height }] of [...rungs.entries()].toReversed()) {
    const scale = `${from}scale=${width}:${height}:flags=bilinear,setsar=1,format=yuv420p`;
    links.push(index > 0 ? `${scale},split=2[v${index}][s${index}]` : `${scale}[v${index}]`);
    from = `[s${index}]`;
  }
  return links.join(';');
}

function encoderSettings({ maxBitrate, keyFramesPerSecond: perSecond }: LadderRung): string[] {
  return [
    ...words('-fps_mode passthrough -enc_time_base 1:1000'),
    ...words('-c:v libx264 -profile:v baseline -level:v 3.1 -preset superfast -tune zerolatency'),
    ...words(`-crf 24 -maxrate ${maxBitrate} -bufsize ${maxBitrate / 2} -threads 1 -bf 0`),
    // Key frames by the clock, so that those of all rungs fall on the same pictures at any frame rate.
    ...words('-g 900 -keyint_min 1 -sc_threshold 0 -forced-idr 1 -force_key_frames'),
    `expr:isnan(prev_forced_t)+gt(floor(t*${perSecond}),floor(prev_forced_t*${perSecond}))`,
    ...words('-flush_packets 1 -flvflags no_duration_filesize -f flv'),
  ];
}
