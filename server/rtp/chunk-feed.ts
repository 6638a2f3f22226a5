import type { ChunkCache, ChunkSource } from './chunk-cache.ts';
import type { MediaChunk } from './media-chunk.ts';

export type ChunkFeedHooks = {
  /** A chunk came in that was waited for. */
  onReady(): void;
  onFailed(error: Error): void;
};

/** The chunks of one stream: what is not in memory is read, and the stream is told. */
export class ChunkFeed {
  readonly #cache: ChunkCache;
  readonly #hooks: ChunkFeedHooks;
  /** Chunks that are being read for this stream. */
  readonly #awaited = new Set<string>();

  constructor(cache: ChunkCache, hooks: ChunkFeedHooks) {
    this.#cache = cache;
    this.#hooks = hooks;
  }

  /** The chunk if it is in memory; else it is read. */
  get(source: ChunkSource, index: number): MediaChunk | undefined {
    const chunk = this.#cache.get(source, index);
    if (!chunk) void this.#read(source, index);
    return chunk;
  }

  load(source: ChunkSource, index: number): Promise<MediaChunk> {
    return this.#cache.load(source, index);
  }

  /**
   * Once for each chunk, however often it is asked for meanwhile: the asking comes with every wake-up,
   * and every answer is one.
   */
  async #read(source: ChunkSource, index: number): Promise<void> {
    const key = `${index}:${source.file}`;
    if (this.#awaited.has(key)) return;
    this.#awaited.add(key);
    try {
      await this.#cache.load(source, index);
      this.#awaited.delete(key);
      this.#hooks.onReady();
    } catch (error) {
      this.#awaited.delete(key);
      this.#hooks.onFailed(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
