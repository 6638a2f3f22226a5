/** Packets that came in one second. */
interface Second {
  startedMs: number;
  /** The least delay of a packet, against the sender's clock; milliseconds, from wherever that began. */
  leastMs: number;
}

const SECOND_MS = 1_000;
/** Below this, what a network does to packets is larger than what a clock does. */
const LEAST_SPAN_MS = 3_000;

/**
 * Compares the RTP clock of a stream with ours. Packets can be late and never early, so that the least
 * delayed of each second tell the clock: neither a busy network nor a busy server looks like a wrong one.
 */
export class ClockWatch {
  readonly #clockRate: number;
  #first: Second | undefined;
  #last: Second | undefined;
  #current: Second | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** @param ticks of the RTP clock, since any moment, without wrapping */
  take(ticks: number, arrivedMs: number): void {
    const delayMs = arrivedMs - (ticks * 1_000) / this.#clockRate;
    const current = this.#current;
    if (current === undefined || arrivedMs - current.startedMs >= SECOND_MS) {
      this.#first ??= current;
      this.#last = current;
      this.#current = { startedMs: arrivedMs, leastMs: delayMs };
    } else {
      current.leastMs = Math.min(current.leastMs, delayMs);
    }
  }

  /** How much faster than ours it runs: 0.2 by a fifth, -0.2 slower; nothing while that is not known. */
  get driftFraction(): number | undefined {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined) return undefined;
    const spanMs = last.startedMs - first.startedMs;
    return spanMs < LEAST_SPAN_MS ? undefined : (first.leastMs - last.leastMs) / spanMs;
  }
}
