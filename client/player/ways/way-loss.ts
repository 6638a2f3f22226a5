import { accessHeaders } from '../access/pass.ts';

const LOOK_EVERY_MS = 1_000;
/** What WebRTC is given to come back by itself while the server answers over HTTP. Milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * Watches a WebRTC whose media does not come. Where the whole server cannot be reached there is nothing better; where it
 * answers over HTTP all the while, HLS is.
 */
export class WayLoss {
  readonly #url: string;
  readonly #onHopeless: () => void;
  #end: AbortController | null = null;

  /** @param url something small that the server answers with */
  constructor(url: string, onHopeless: () => void) {
    this.#url = url;
    this.#onHopeless = onHopeless;
  }

  /** Media does not come, or comes again. */
  lost(lost: boolean): void {
    if (!lost) return this.close();
    if (this.#end !== null) return;
    this.#end = new AbortController();
    void this.#watch(this.#end.signal);
  }

  close(): void {
    this.#end?.abort();
    this.#end = null;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    let answeringSinceMs: number | null = null;
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS);
      const answers = !signal.aborted && (await this.#answers(signal));
      if (signal.aborted) return;
      const nowMs = performance.now();
      answeringSinceMs = answers ? (answeringSinceMs ?? nowMs) : null;
      if (answeringSinceMs !== null && nowMs - answeringSinceMs >= PATIENCE_MS) {
        this.close();
        this.#onHopeless();
      }
    }
  }

  async #answers(signal: AbortSignal): Promise<boolean> {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_EVERY_MS * 2)]);
      const init = { cache: 'no-store', signal: limit, headers: accessHeaders(this.#url) } as const;
      return (await fetch(this.#url, init)).ok;
    } catch (error) {
      console.debug('sfumato: the server does not answer', error);
      return false;
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
