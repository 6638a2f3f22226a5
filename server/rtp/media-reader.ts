import { open } from 'node:fs/promises';
import {
  EncodedPacketSink,
  type EncodedPacket,
  FilePathSource,
  Input,
  type InputTrack,
  MP4,
} from 'mediabunny';
import { parseAvcConfig } from './h264.ts';
import {
  buildChunk,
  CHUNK_SECONDS,
  h264Payloader,
  type MediaChunk,
  type MediaFrame,
  opusPayloader,
  type Payloader,
} from './media-chunk.ts';
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
  /** Reads one after the other; in order it is quick. */
  readChunk(index: number): Promise<MediaChunk>;
  close(): void;
};

const MAX_KNOWN_STARTS = 16;

/** What the demuxer may keep of a file: some seconds of it. Its default, 8 MiB, is for few files. */
const READ_CACHE_BYTES = 1024 * 1024;

/**
 * Opens the only track of a prepared file.
 * @throws {Error} when the file is none of ours: not MP4, not H.264 or Opus, empty.
 */
export async function openMediaReader(file: string, kind: MediaKind): Promise<MediaReader> {
  // A missing file is said plainly here; the demuxer's own message is about formats.
  await (await open(file)).close();
  const source = new FilePathSource(file, {
    maxCacheSize: READ_CACHE_BYTES,
    // Of reading ahead that nobody waits for: the read that needs those bytes fails by itself.
    handleUnhandledError: () => undefined,
  });
  const input = new Input({ source, formats: [MP4] });
  try {
    return await readerOf(input, file, kind);
  } catch (cause) {
    input.dispose();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} is no Rendition: ${reason}`, { cause });
  }
}

async function readerOf(input: Input, file: string, kind: MediaKind): Promise<MediaReader> {
  const track =
    kind === 'video' ? await input.getPrimaryVideoTrack() : await input.getPrimaryAudioTrack();
  if (!track) throw new Error(`no ${kind} track`);
  const payloader = await payloaderOf(track);
  const sink = new EncodedPacketSink(track);
  const first = await sink.getFirstPacket();
  const last = await sink.getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
  if (!first || !last) throw new Error('it is empty');
  const chunks = createChunkReader(sink, first, payloader);
  return {
    file,
    kind,
    clockRate: kind === 'video' ? VIDEO_CLOCK_RATE : OPUS_CLOCK_RATE,
    firstTime: first.timestamp,
    endTime: last.timestamp + last.duration,
    readChunk: chunks,
    close: () => input.dispose(),
  };
}

async function payloaderOf(track: InputTrack): Promise<Payloader> {
  const codec = await track.getCodec();
  if (track.isAudioTrack() && codec === 'opus') return opusPayloader;
  if (track.isVideoTrack() && codec === 'avc') {
    const description = (await track.getDecoderConfig())?.description;
    if (description) return h264Payloader(parseAvcConfig(bytesOf(description)));
  }
  throw new Error(`${codec ?? 'an unknown codec'}, not H.264 or Opus`);
}

/** A view stays a view: its buffer may be larger than what it shows. */
function bytesOf(data: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Reads of one file follow each other, and a chunk begins where the one before it was left. */
function createChunkReader(sink: EncodedPacketSink, first: EncodedPacket, payloader: Payloader) {
  const starts = new Map<number, EncodedPacket | null>([[0, first]]);
  let queue: Promise<unknown> = Promise.resolve();

  const read = async (index: number): Promise<MediaChunk> => {
    const end = (index + 1) * CHUNK_SECONDS;
    const frames: MediaFrame[] = [];
    let packet = await findStart(sink, starts, index);
    while (packet && packet.timestamp < end) {
      frames.push(frameOf(packet, payloader));
      packet = await sink.getNextPacket(packet);
    }
    remember(starts, index + 1, packet);
    return buildChunk(frames);
  };

  return (index: number): Promise<MediaChunk> => {
    const result = queue.then(() => read(index));
    queue = result.catch(() => undefined);
    return result;
  };
}

async function findStart(
  sink: EncodedPacketSink,
  starts: ReadonlyMap<number, EncodedPacket | null>,
  index: number,
): Promise<EncodedPacket | null> {
  const known = starts.get(index);
  if (known !== undefined) return known;
  const start = index * CHUNK_SECONDS;
  const packet = await sink.getPacket(start);
  return packet && packet.timestamp < start ? sink.getNextPacket(packet) : packet;
}

/** The first chunk's start stays: every loop needs it. */
function remember(
  starts: Map<number, EncodedPacket | null>,
  index: number,
  packet: EncodedPacket | null,
): void {
  starts.set(index, packet);
  if (starts.size <= MAX_KNOWN_STARTS) return;
  for (const oldest of starts.keys()) {
    if (oldest === 0) continue;
    starts.delete(oldest);
    return;
  }
}

function frameOf(packet: EncodedPacket, payloader: Payloader): MediaFrame {
  const isKeyFrame = packet.type === 'key';
  return {
    seconds: packet.timestamp,
    duration: packet.duration,
    isKeyFrame,
    payloads: payloader(packet.data, isKeyFrame),
  };
}
