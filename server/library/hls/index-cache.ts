import type { TrackIndex } from './track-index.ts';

/** Segments in all: 24 hours have some 17,000. About 100 bytes each. */
const MAX_SEGMENTS = 200_000;

interface Entry {
  index: Promise<TrackIndex>;
  /** 0 until it is read. */
  segments: number;
}

/** Indexes that were asked for lately. Each is read once, however many ask at the same time. */
export class IndexCache {
  readonly #entries = new Map<string, Entry>();
  readonly #maxSegments: number;
  #segments = 0;

  constructor(maxSegments = MAX_SEGMENTS) {
    this.#maxSegments = maxSegments;
  }

  /** @param key another one whenever the file may be another one */
  get(key: string, read: () => Promise<TrackIndex>): Promise<TrackIndex> {
    const entry = this.#entries.get(key) ?? this.#read(key, read);
    // The last in the map is the one that was wanted last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.index;
  }

  #read(key: string, read: () => Promise<TrackIndex>): Entry {
    const entry: Entry = { index: this.#counted(key, read), segments: 0 };
    return entry;
  }

  async #counted(key: string, read: () => Promise<TrackIndex>): Promise<TrackIndex> {
    try {
      const index = await read();
      const entry = this.#entries.get(key);
      if (entry !== undefined) {
        entry.segments = index.segments.length;
        this.#segments += entry.segments;
      }
      this.#shrink();
      return index;
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
  }

  #shrink(): void {
    for (const [key, { segments }] of this.#entries) {
      if (this.#segments <= this.#maxSegments) return;
      // What is being read counts nothing yet.
      if (segments === 0) continue;
      this.#entries.delete(key);
      this.#segments -= segments;
    }
  }
}
