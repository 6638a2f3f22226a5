/**
 * Keeps the packets of the original until those of the encoded Layers have come as far: the SFU puts up
 * with 75 ms between Layers when it switches a Viewer, shifting the picture against the sound by them.
 */
export class HoldBack {
  readonly #write: WriteHeld;
  readonly #longestMs: number;
  readonly #queue: Held[] = [];
  #upTo: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param longestMs nobody waits longer for an encoder */
  constructor(longestMs: number, write: WriteHeld) {
    this.#longestMs = longestMs;
    this.#write = write;
  }

  push(header: Uint8Array, payload: Uint8Array, timestamp: number): void {
    const isFree = this.#queue.length === 0 && this.#reached(timestamp);
    if (isFree) return this.#write(header, payload);
    this.#queue.push({ header, payload, timestamp, atMs: performance.now() });
    this.#schedule();
  }

  /** The encoded Layers have come as far as this RTP timestamp. */
  release(upTo: number): void {
    this.#upTo = upTo;
    this.#sendWhile(({ timestamp }) => this.#reached(timestamp));
  }

  /** There is nobody to wait for. */
  open(): void {
    this.#upTo = undefined;
    this.#sendWhile(() => true);
  }

  #reached(timestamp: number): boolean {
    return this.#upTo === undefined || ((timestamp - this.#upTo) | 0) <= 0;
  }

  #sendWhile(isDue: (held: Held) => boolean): void {
    let count = 0;
    for (const held of this.#queue) {
      if (!isDue(held)) break;
      this.#write(held.header, held.payload);
      count += 1;
    }
    this.#queue.splice(0, count);
    this.#schedule();
  }

  #schedule(): void {
    const [oldest] = this.#queue;
    if (oldest === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#timer ??= setTimeout(
      () => this.#expire(),
      Math.max(1, oldest.atMs + this.#longestMs - performance.now()),
    );
  }

  #expire(): void {
    this.#timer = undefined;
    const latestMs = performance.now() - this.#longestMs;
    this.#sendWhile(({ atMs }) => atMs <= latestMs);
  }
}

type WriteHeld = (header: Uint8Array, payload: Uint8Array) => void;

interface Held {
  header: Uint8Array;
  payload: Uint8Array;
  timestamp: number;
  atMs: number;
}
