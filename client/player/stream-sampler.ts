import { localTimeMs } from './server-clock.ts';
import {
  readFigures,
  type StatsEntry,
  type StreamCounters,
  type StreamFigures,
} from './statistics.ts';

const INTERVAL_MS = 1_000;
/** Without a single packet for this long, what should flow does not. */
const SILENCE_MS = 5_000;

export type SampleSource = {
  statistics(): Promise<StatsEntry[]>;
  /** Should packets be coming now? */
  due(): boolean;
};

/** Looks at a stream's statistics once a second, and notices when it has gone silent. */
export class StreamSampler {
  readonly #source: SampleSource;
  readonly #onSilence: () => void;
  #interval: ReturnType<typeof setInterval> | undefined;
  #figures = readFigures([], null).figures;
  #counters: StreamCounters | null = null;
  #lastPacketMs = 0;
  #lookedAtMs = 0;

  constructor(source: SampleSource, onSilence: () => void) {
    this.#source = source;
    this.#onSilence = onSilence;
  }

  /** As of the last look. */
  get figures(): StreamFigures {
    return this.#figures;
  }

  /** When that was, by the local clock, milliseconds since the Unix epoch. */
  get lookedAtMs(): number {
    return this.#lookedAtMs;
  }

  start(): void {
    if (this.#interval !== undefined) return;
    this.#lastPacketMs = performance.now();
    this.#interval = setInterval(() => void this.look(), INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  async look(): Promise<void> {
    try {
      const { figures, counters } = readFigures(await this.#source.statistics(), this.#counters);
      this.#lookedAtMs = localTimeMs();
      this.#listenForSilence(counters);
      this.#figures = figures;
      this.#counters = counters;
    } catch (error) {
      // The connection was closed under the look; the next one looks at its successor.
      console.debug('sfumato: no statistics', error);
    }
  }

  #listenForSilence({ received }: StreamCounters): void {
    const nowMs = performance.now();
    const silent = received === this.#counters?.received && this.#source.due();
    if (!silent) this.#lastPacketMs = nowMs;
    else if (nowMs - this.#lastPacketMs >= SILENCE_MS) {
      this.#lastPacketMs = nowMs;
      this.#onSilence();
    }
  }
}
