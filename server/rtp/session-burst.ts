import { type Place, packetsOf } from './stored-track.ts';

export type BurstPicture = { place: Place; line: number };

/** Packets at once, and the pause after them: a receiver's socket buffer may have room for a hundred. */
const PACKETS_AT_ONCE = 48;
const PAUSE_MS = 1;

/** Pictures that are to go out as quickly as the receiving socket takes them. */
export class SessionBurst {
  #pictures: readonly BurstPicture[] = [];
  #next = 0;
  #dueMs = Number.POSITIVE_INFINITY;

  /** In place of what was still to be sent. */
  begin(pictures: readonly BurstPicture[], nowMs: number): void {
    this.#pictures = pictures;
    this.#next = 0;
    this.#dueMs = pictures.length > 0 ? nowMs : Number.POSITIVE_INFINITY;
  }

  drop(): void {
    this.begin([], 0);
  }

  get isOver(): boolean {
    return this.#next >= this.#pictures.length;
  }

  /** Milliseconds of the monotonic clock; Infinity when it is over. */
  get dueMs(): number {
    return this.#dueMs;
  }

  run(nowMs: number, send: (picture: BurstPicture) => void): void {
    if (nowMs < this.#dueMs) return;
    for (let packets = 0; packets < PACKETS_AT_ONCE; ) {
      const picture = this.#pictures[this.#next];
      if (!picture) return this.drop();
      send(picture);
      packets += packetsOf(picture.place);
      this.#next += 1;
    }
    this.#dueMs = nowMs + PAUSE_MS;
    if (this.isOver) this.drop();
  }
}
