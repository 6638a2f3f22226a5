import { availableParallelism } from 'node:os';
import type { ProcessLimits } from '../../ffmpeg/supervised-process.ts';

/** What a file from anywhere may ask of this machine. `docs/library.md` lists them. */
export const LIMITS = {
  /** Of a picture of a film: 8192x8192. */
  videoPixels: 8192 * 8192,
  /** Of an image: the largest that phones make has 200 million. Of an animation: all its pictures together. */
  imagePixels: 210_000_000,
  streams: 64,
  /** The fastest cameras play what they record slowly; nobody shows this many. */
  framesPerSecond: 1000,
  /** Seconds. */
  duration: 24 * 60 * 60,
  /** Pixels of all pictures together, which is what decoding costs: twelve hours of 4K at 60 a second. */
  decodedPixels: 2.2e13,
} as const;

const GB = 1024 ** 3;

/** Every thread reserves addresses, and ffmpeg takes several threads a core. */
const THREADS_BYTES = availableParallelism() * GB;

/** Of one run of ffmpeg. Decoding 8K takes three GB; and one film may not fill the disk alone. */
export const RUN_LIMITS: ProcessLimits = {
  memoryBytes: 6 * GB + THREADS_BYTES,
  fileBytes: 64 * GB,
};

/** Of one for something small: subtitles, a cover, a picture. */
export const SMALL_RUN_LIMITS: ProcessLimits = {
  memoryBytes: 4 * GB + THREADS_BYTES,
  fileBytes: GB / 8,
};

/** Of captions as WebVTT, bytes: two hours of talk take 200 kB. */
export const CAPTION_BYTES = { track: 4_000_000, all: 16_000_000 } as const;

/** Media slower than this is none: its length is a lie. Bytes a second. */
const LEAST_BYTES_PER_SECOND = 500;

/**
 * How many seconds are made of a file at most. Broken times make ffmpeg fill gaps of years; a length that
 * was only estimated may be a few times too small.
 */
export function outputSeconds(duration: number | undefined, bytes: number): number {
  const told = (duration ?? 0) * 2 + 60;
  return Math.min(LIMITS.duration, Math.ceil(Math.max(told, bytes / LEAST_BYTES_PER_SECOND)));
}

/** How long a run for so many seconds may take, milliseconds: the slowest files on one slow core, sixty times. */
export function timeLimitMs(seconds: number): number {
  return Math.min(24 * 3600, 300 + seconds * 60) * 1000;
}
