import { CHUNK_SECONDS, chunkIndexAt, type MediaChunk } from './media-chunk.ts';

/** One track of the broadcast as the schedule sees it. */
export type ScheduledTrack = {
  /** Seconds, see MediaReader. */
  readonly firstTime: number;
  /** Decoding can only begin at a key frame. */
  readonly needsKeyFrame: boolean;
  /** How much earlier or later than due its frames may go, so that fewer wake-ups do, milliseconds. */
  readonly slackMs: number;
  /** The chunk if it is in memory. Asking for one that is not starts its reading. */
  chunk(index: number): MediaChunk | undefined;
};

/** Times are sums of rounded numbers; a microsecond is far below every frame. */
const EPSILON_SECONDS = 1e-6;

/**
 * Which frame of a looping track is next. `period` is the length of a round, the same for all tracks,
 * so the frame at media time `t` in round `n` lies at `n * period + t`, exactly, for ever.
 */
export class TrackCursor {
  readonly #track: ScheduledTrack;
  readonly #period: number;
  #round = 0;
  #chunkIndex = 0;
  #frame = 0;
  #chunk: MediaChunk | undefined;
  /** Frames before this position are passed over: after a start or a skip. */
  #notBefore = Number.NEGATIVE_INFINITY;
  #waitsForKeyFrame: boolean;

  constructor(track: ScheduledTrack, period: number) {
    this.#track = track;
    this.#period = period;
    this.#waitsForKeyFrame = track.needsKeyFrame;
  }

  /** Goes to the first frame at or after the position where decoding can begin. */
  seek(position: number): void {
    const media = position - this.#track.firstTime;
    this.#round = Math.max(0, Math.floor(media / this.#period));
    const inRound = Math.max(0, position - this.#round * this.#period);
    this.#moveTo(chunkIndexAt(inRound));
    this.#notBefore = position - EPSILON_SECONDS;
    this.#waitsForKeyFrame = this.#track.needsKeyFrame;
  }

  /** Seconds of broadcast where the next frame lies; undefined while its chunk is not in memory. */
  get position(): number | undefined {
    return this.#settle() ? this.#positionHere() : undefined;
  }

  /** Of the frame at `position`; only to be read after it was found there. */
  get chunk(): MediaChunk | undefined {
    return this.#chunk;
  }

  get frame(): number {
    return this.#frame;
  }

  get slackMs(): number {
    return this.#track.slackMs;
  }

  /** How many rounds are behind. */
  get round(): number {
    return this.#round;
  }

  advance(): void {
    this.#frame += 1;
  }

  /** Moves to a frame that may be sent. False while a chunk is missing. */
  #settle(): boolean {
    for (;;) {
      this.#chunk ??= this.#track.chunk(this.#chunkIndex);
      if (!this.#chunk) return false;
      if (this.#frame >= this.#chunk.times.length) this.#nextChunk();
      else if (this.#overlapsSeam()) this.#nextRound();
      else if (this.#isPassedOver()) this.#frame += 1;
      else return true;
    }
  }

  #nextChunk(): void {
    this.#chunkIndex += 1;
    if (this.#chunkIndex * CHUNK_SECONDS >= this.#period + this.#track.firstTime) {
      this.#nextRound();
      return;
    }
    this.#moveTo(this.#chunkIndex);
  }

  #nextRound(): void {
    this.#round += 1;
    this.#moveTo(0);
  }

  #moveTo(chunkIndex: number): void {
    this.#chunkIndex = chunkIndex;
    this.#frame = 0;
    this.#chunk = this.#track.chunk(chunkIndex);
    // Ask for the chunk after the one that begins now: it is read while this one is sent.
    this.#prefetch(chunkIndex + 1);
  }

  #prefetch(chunkIndex: number): void {
    const isLast = chunkIndex * CHUNK_SECONDS >= this.#period + this.#track.firstTime;
    this.#track.chunk(isLast ? 0 : chunkIndex);
  }

  /** The last frame would reach into the next round's first one. */
  #overlapsSeam(): boolean {
    const end = (this.#chunk?.times[this.#frame] ?? 0) + (this.#chunk?.durations[this.#frame] ?? 0);
    return end > this.#period + this.#track.firstTime + EPSILON_SECONDS;
  }

  #isPassedOver(): boolean {
    if (this.#positionHere() < this.#notBefore) return true;
    if (this.#waitsForKeyFrame && this.#chunk?.keyFrames[this.#frame] !== 1) return true;
    this.#waitsForKeyFrame = false;
    return false;
  }

  #positionHere(): number {
    return this.#round * this.#period + (this.#chunk?.times[this.#frame] ?? 0);
  }
}
