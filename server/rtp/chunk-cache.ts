import type { MediaChunk } from './media-chunk.ts';

/** What the cache reads from. */
export type ChunkSource = {
  readonly file: string;
  readChunk(index: number): Promise<MediaChunk>;
};

export type ChunkCache = {
  /** The chunk if it is there, and marks it as used. */
  get(source: ChunkSource, index: number): MediaChunk | undefined;
  /** Reads it if it is not there; the same chunk is read once, however many ask. */
  load(source: ChunkSource, index: number): Promise<MediaChunk>;
  readonly bytes: number;
};

/** A views's own size, roughly: it counts, because small Opus payloads are mostly that. */
const BYTES_PER_PAYLOAD = 200;

const sizeOf = (chunk: MediaChunk): number =>
  chunk.bytes + chunk.payloads.length * BYTES_PER_PAYLOAD + chunk.times.length * 24;

const keyOf = (source: ChunkSource, index: number): string => `${index}:${source.file}`;

/** Payloads of all files that a thread sends, the least recently used ones dropped above `maxBytes`. */
export function createChunkCache(maxBytes: number): ChunkCache {
  const chunks = new Map<string, MediaChunk>();
  const loading = new Map<string, Promise<MediaChunk>>();
  let bytes = 0;

  const get = (source: ChunkSource, index: number): MediaChunk | undefined => {
    const key = keyOf(source, index);
    const chunk = chunks.get(key);
    if (!chunk) return undefined;
    // A Map keeps the order of insertion: the last one in is the last one out.
    chunks.delete(key);
    chunks.set(key, chunk);
    return chunk;
  };

  const put = (key: string, chunk: MediaChunk): void => {
    chunks.set(key, chunk);
    bytes += sizeOf(chunk);
    for (const [oldest, victim] of chunks) {
      if (bytes <= maxBytes || oldest === key) return;
      chunks.delete(oldest);
      bytes -= sizeOf(victim);
    }
  };

  const read = async (source: ChunkSource, index: number): Promise<MediaChunk> => {
    const key = keyOf(source, index);
    try {
      const chunk = await source.readChunk(index);
      put(key, chunk);
      return chunk;
    } finally {
      loading.delete(key);
    }
  };

  return {
    get,
    load(source, index) {
      const present = get(source, index);
      if (present) return Promise.resolve(present);
      const key = keyOf(source, index);
      const running = loading.get(key) ?? read(source, index);
      loading.set(key, running);
      return running;
    },
    get bytes() {
      return bytes;
    },
  };
}
