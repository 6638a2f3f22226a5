import { parseAvcConfig } from './h264.ts';
import {
  buildChunk,
  CHUNK_SECONDS,
  h264Payloader,
  type MediaChunk,
  opusPayloader,
  type Payloader,
} from './media-chunk.ts';
import { type Box, readAvcRecord, readPixels } from './mp4/boxes.ts';
import { FragmentedFile } from './mp4/fragmented-file.ts';
import { OPUS_CLOCK_RATE } from './opus.ts';

/** The RTP clock of every video payload format. */
export const VIDEO_CLOCK_RATE = 90_000;

export type MediaKind = 'video' | 'audio';

/** One track of one prepared file, read a chunk at a time. */
export type MediaReader = {
  readonly file: string;
  readonly kind: MediaKind;
  readonly clockRate: number;
  /** Seconds; below zero by the coder's delay where there is one (Opus pre-skip). */
  readonly firstTime: number;
  /** Seconds where the last frame ends. */
  readonly endTime: number;
  /** Seconds that the first frame lasts: all of them, in what is made here. */
  readonly frameSeconds: number;
  /** Of a picture; 0 for sound. */
  readonly pixels: number;
  readChunk(index: number): Promise<MediaChunk>;
  close(): void;
};

/**
 * Opens the only track of a prepared file.
 * @throws {Error} when the file is none of ours: not MP4, not H.264 or Opus, empty.
 */
export async function openMediaReader(path: string, kind: MediaKind): Promise<MediaReader> {
  try {
    return await readerOf(await FragmentedFile.open(path), path, kind);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path} is no Rendition: ${reason}`, { cause });
  }
}

async function readerOf(file: FragmentedFile, path: string, kind: MediaKind): Promise<MediaReader> {
  try {
    const payloader = payloaderOf(file.entry, kind);
    const [first, last] = [await file.first(), await file.last()];
    if (!first || !last) throw new Error('it is empty');
    return {
      file: path,
      kind,
      clockRate: kind === 'video' ? VIDEO_CLOCK_RATE : OPUS_CLOCK_RATE,
      firstTime: first.time,
      endTime: last.time + last.duration,
      frameSeconds: first.duration,
      pixels: kind === 'video' ? readPixels(file.entry.body) : 0,
      readChunk: (index) => readChunk(file, index, payloader),
      close: () => void file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function payloaderOf({ type, body }: Box, kind: MediaKind): Payloader {
  if (kind === 'audio' && type === 'Opus') return opusPayloader;
  if (kind === 'video' && type === 'avc1') {
    return h264Payloader(parseAvcConfig(readAvcRecord(body)));
  }
  throw new Error(`${kind} of ${type}, not H.264 or Opus`);
}

/** The first one has what lies before the file's beginning, too: a coder's run-in. */
async function readChunk(
  file: FragmentedFile,
  index: number,
  payloader: Payloader,
): Promise<MediaChunk> {
  const start = index === 0 ? Number.NEGATIVE_INFINITY : index * CHUNK_SECONDS;
  const samples = await file.between(start, (index + 1) * CHUNK_SECONDS);
  return buildChunk(
    samples.map(({ time, duration, isKeyFrame, data }) => ({
      seconds: time,
      duration,
      isKeyFrame,
      payloads: payloader(data, isKeyFrame),
    })),
  );
}
