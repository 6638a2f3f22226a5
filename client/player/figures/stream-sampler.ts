import { localTimeMs } from '../../../signaling/client/index.ts';
import {
  readFigures,
  type StatsEntry,
  type StreamCounters,
  type StreamFigures,
} from './statistics.ts';

const INTERVAL_MS = 500;
/**
 * Looks in a row without a new packet, of which sound alone is fifty a second: then the person is told, and
 * then everything is made anew. Counted in looks, since a busy or hidden page also looks late.
 */
const SILENT_LOOKS = 3;
const LOST_LOOKS = 7;

/** Do packets come that should? */
export type Hearing = 'heard' | 'silent' | 'lost';

export type SampleSource = {
  statistics(): Promise<StatsEntry[]>;
  /** Should packets be coming now? */
  due(): boolean;
};

export type SamplerEvents = {
  hearing(hearing: Hearing): void;
  /** After each look. */
  figures?(figures: StreamFigures): void;
};

/** Looks at a stream's statistics twice a second, and notices when it has gone silent. */
export class StreamSampler {
  readonly #source: SampleSource;
  readonly #events: SamplerEvents;
  #interval: ReturnType<typeof setInterval> | undefined;
  #figures = readFigures([], null).figures;
  #counters: StreamCounters | null = null;
  #silentLooks = 0;
  #hearing: Hearing = 'heard';
  #lookedAtMs = 0;

  constructor(source: SampleSource, events: SamplerEvents) {
    this.#source = source;
    this.#events = events;
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
    this.#silentLooks = 0;
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
      this.#events.figures?.(figures);
    } catch (error) {
      // The connection was closed under the look; the next one looks at its successor.
      console.debug('sfumato: no statistics', error);
    }
  }

  #listenForSilence({ received }: StreamCounters): void {
    const silent = received === this.#counters?.received && this.#source.due();
    this.#silentLooks = silent ? this.#silentLooks + 1 : 0;
    if (!silent) this.#turn('heard');
    else if (this.#silentLooks >= LOST_LOOKS) this.#turn('lost');
    else if (this.#silentLooks >= SILENT_LOOKS) this.#turn('silent');
  }

  #turn(hearing: Hearing): void {
    if (hearing === this.#hearing) return;
    this.#hearing = hearing;
    this.#events.hearing(hearing);
  }
}
