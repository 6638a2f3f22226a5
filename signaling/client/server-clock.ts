import { type ClockSample, clockOffsetMs } from './clock-offset.ts';
import type { SignalingClient } from './signaling-client.ts';

/** Looks until enough were made and one of them was quick, then one now and then for the drift. */
const SOON_MS = 400;
const SOON_COUNT = 5;
/** On a far link none is quick. */
const SOON_AT_MOST = 25;
/** The error is half of a round trip at most. */
const QUICK_MS = 20;
const LATER_MS = 20_000;
const KEPT_SAMPLES = 8;

/** Keeps asking the server for its time while its socket is open, and knows how far it is ahead. */
export class ServerClock {
  readonly #signaling: SignalingClient;
  readonly #samples: ClockSample[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #looks = 0;

  constructor(signaling: SignalingClient) {
    this.#signaling = signaling;
  }

  /** The server's clock less the local one, milliseconds; null before the first answer. */
  get offsetMs(): number | null {
    return clockOffsetMs(this.#samples);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#look();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  get #isGoodEnough(): boolean {
    if (this.#looks >= SOON_AT_MOST) return true;
    const quick = this.#samples.some(({ sentMs, receivedMs }) => receivedMs - sentMs <= QUICK_MS);
    return quick && this.#samples.length >= SOON_COUNT;
  }

  async #look(): Promise<void> {
    const sentMs = localTimeMs();
    try {
      const { serverTimeMs } = await this.#signaling.request('readClock', {});
      this.#samples.push({ sentMs, receivedMs: localTimeMs(), serverTimeMs });
      if (this.#samples.length > KEPT_SAMPLES) this.#samples.shift();
    } catch (error) {
      // No socket at present: the next look is the retry. The samples so far stay good.
      console.debug('sfumato: the server clock could not be read', error);
    }
    if (!this.#running) return;
    this.#looks += 1;
    const delayMs = this.#isGoodEnough ? LATER_MS : SOON_MS;
    this.#timer = setTimeout(() => void this.#look(), delayMs);
  }
}

/** Milliseconds since the Unix epoch with a fraction, and without the jumps of `Date.now()`. */
export function localTimeMs(): number {
  return performance.timeOrigin + performance.now();
}
