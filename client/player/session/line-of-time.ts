import type { Playhead } from '../../../signaling/contract/index.ts';
import type { Presented } from './picture-watch.ts';
import { isNewer, movedOn, positionAt, standingOf } from './playhead.ts';

type Known = Playhead & { knownAtMs: number };

/** Where no picture tells what it is, the wanted one is there so long after it was said to come. */
const UNTOLD_MS = 120;
/** The last picture, if it was lost, is not waited for longer. */
const LAST_PICTURE_MS = 500;

/** What the server has said of where its Session is, and what that makes of a picture. */
export class LineOfTime {
  /** The newest one that belongs to what was asked last. */
  #playhead: Known | null = null;
  /** Of the last picture, once it was sent. */
  #end: Known | null = null;

  get playhead(): Playhead | null {
    return this.#playhead;
  }

  /** Another Session: nothing is known of it. */
  reset(): void {
    this.#playhead = this.#end = null;
  }

  /** @returns whether pictures are to be told by it from now on: it is no old one */
  adopt(playhead: Playhead, nowMs: number): boolean {
    const known = { ...playhead, knownAtMs: nowMs };
    if (playhead.ended && !isNewer(playhead, this.#playhead)) {
      if (playhead.change === this.#playhead?.change) this.#end = known;
      return false;
    }
    if (this.#playhead !== null && playhead.change < this.#playhead.change) return false;
    this.#playhead = known;
    if (playhead.ended) this.#end = known;
    return true;
  }

  /** The picture's time in the Asset, seconds; null for one that is not to be shown. */
  positionOf({ rtpTimestamp, atMs }: Pick<Presented, 'rtpTimestamp' | 'atMs'>): number | null {
    const playhead = this.#playhead;
    if (playhead === null) return null;
    const elapsedMs = Math.max(0, atMs - playhead.knownAtMs);
    if (rtpTimestamp === undefined) {
      if (elapsedMs < UNTOLD_MS) return null;
      return playhead.position + (playhead.rate * (elapsedMs - UNTOLD_MS)) / 1_000;
    }
    if (standingOf(playhead, rtpTimestamp, elapsedMs) !== 'wanted') return null;
    const position = positionAt(playhead, rtpTimestamp);
    const moved = movedOn(playhead, rtpTimestamp);
    if (moved !== playhead) this.#playhead = { ...moved, knownAtMs: atMs };
    return position;
  }

  /** The position of the last picture once that, presented last, is it: or it does not come any more. */
  endAt(last: Pick<Presented, 'rtpTimestamp'> | null, nowMs: number): number | null {
    const end = this.#end;
    if (end === null || end.change !== this.#playhead?.change) return null;
    const elapsedMs = nowMs - end.knownAtMs;
    const timestamp = last?.rtpTimestamp;
    const there = timestamp !== undefined && standingOf(end, timestamp, elapsedMs) === 'wanted';
    return there || elapsedMs >= LAST_PICTURE_MS ? end.position : null;
  }
}
