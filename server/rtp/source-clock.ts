import type { SenderReport } from './sender-report.ts';

type Moment = Pick<SenderReport, 'epochMs' | 'rtpTimestamp'>;

/** Reports that are kept for the one that came quickest: at one a second, a quarter of a minute. */
const KEPT_REPORTS = 16;

/** A sender's two clocks, as its Sender Reports have them, carried on to now. */
export class SourceClock {
  readonly #clockRate: number;
  readonly #offsetsMs: number[] = [];
  #last: Moment | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** @param nowMs of a monotonic clock */
  take({ epochMs, rtpTimestamp }: Moment, nowMs: number): void {
    this.#last = { epochMs, rtpTimestamp };
    this.#offsetsMs.push(epochMs - nowMs);
    if (this.#offsetsMs.length > KEPT_REPORTS) this.#offsetsMs.shift();
  }

  /** Undefined before the first report. */
  at(nowMs: number): Moment | undefined {
    if (this.#last === undefined) return undefined;
    // A report is late by its way and never early: the one that was least late is nearest the truth.
    const epochMs = nowMs + Math.max(...this.#offsetsMs);
    const ticks = Math.round(((epochMs - this.#last.epochMs) * this.#clockRate) / 1_000);
    return { epochMs, rtpTimestamp: (this.#last.rtpTimestamp + ticks) >>> 0 };
  }

  /** The sender's time of an RTP timestamp near now, milliseconds since the Unix epoch. */
  epochOf(timestamp: number): number | undefined {
    if (this.#last === undefined) return undefined;
    const { epochMs, rtpTimestamp } = this.#last;
    return epochMs + (((timestamp - rtpTimestamp) | 0) * 1_000) / this.#clockRate;
  }
}
