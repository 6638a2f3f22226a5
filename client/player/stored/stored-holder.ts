import type { StoredSource, StoredSourceOptions } from './stored-source.ts';
import { StoredWays } from '../ways/stored-ways.ts';
import type { WayTold } from '../ways/way-words.ts';

export type SourceHolderEvents = {
  /** It was opened; what is to be heard of it comes by its options. */
  opened(source: StoredSource): void;
  /** There is no way. */
  failed(reason: string): void;
};

/** The source of an Asset: none, one that is being opened, or the one that is there. Never two. */
export class SourceHolder {
  readonly #events: SourceHolderEvents;
  readonly #ways = new StoredWays();
  #source: StoredSource | null = null;
  /** The one that is being opened. */
  #opening: StoredSourceOptions | null = null;

  constructor(events: SourceHolderEvents) {
    this.#events = events;
  }

  get source(): StoredSource | null {
    return this.#source;
  }
  get opening(): boolean {
    return this.#opening !== null;
  }
  /** Which way it comes, and why; null while it does not. */
  get told(): WayTold | null {
    return this.#ways.told;
  }

  /** Before anybody presses play. @returns what undoes it */
  warmUp(about: Pick<StoredSourceOptions, 'video' | 'url' | 'asset'>): Promise<() => void> {
    return this.#ways.warmUp(about);
  }

  /** In place of what is there, or was being opened. */
  open(options: StoredSourceOptions): void {
    this.close();
    this.#opening = options;
    this.#ways
      .open(options)
      .then((source) => this.#opened(source, options))
      .catch((error: unknown) => this.#failed(String(error), options));
  }

  close(): void {
    this.#opening = null;
    this.#source = null;
    this.#ways.close();
  }

  #opened(source: StoredSource | null, options: StoredSourceOptions): void {
    if (source === null || this.#opening !== options) return;
    this.#opening = null;
    this.#source = source;
    this.#events.opened(source);
  }

  #failed(reason: string, options: StoredSourceOptions): void {
    if (this.#opening !== options) return;
    this.#opening = null;
    this.#events.failed(reason);
  }
}
