import type { MediaChunk } from './media-chunk.ts';
import { positionOf, type Place, type StoredTrack } from './stored-track.ts';

/** Goes through a file once, frame by frame, from some place on. */
export class ForwardCursor {
  readonly #track: StoredTrack;
  #index: number;
  #frame: number;
  #chunk: MediaChunk | undefined;
  #place: Place | undefined;

  /** @param from number of the chunk, and of the frame in it */
  constructor(track: StoredTrack, from: { index: number; frame: number }) {
    this.#track = track;
    this.#index = from.index;
    this.#frame = from.frame;
    this.#prefetch();
  }

  /** The next frame; undefined while its chunk is being read, and at the end. */
  get place(): Place | undefined {
    this.#place ??= this.#settle();
    return this.#place;
  }

  /** Of the next frame, seconds. */
  get position(): number | undefined {
    const place = this.place;
    return place && positionOf(this.#track, place);
  }

  /** All frames are behind. */
  get ended(): boolean {
    return this.place === undefined && this.#index > this.#track.lastChunk;
  }

  advance(): void {
    this.#frame += 1;
    this.#place = undefined;
  }

  #settle(): Place | undefined {
    while (this.#index <= this.#track.lastChunk) {
      this.#chunk ??= this.#track.chunk(this.#index);
      if (!this.#chunk) return undefined;
      if (this.#frame < this.#chunk.times.length)
        return { index: this.#index, frame: this.#frame, chunk: this.#chunk };
      this.#index += 1;
      this.#frame = 0;
      this.#chunk = undefined;
      this.#prefetch();
    }
    return undefined;
  }

  /** The chunk after this one is read while this one is sent. */
  #prefetch(): void {
    if (this.#index < this.#track.lastChunk) this.#track.chunk(this.#index + 1);
  }
}
