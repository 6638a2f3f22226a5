import { TypedEvents } from '../../signaling/client/index.ts';
import { linkBitrate, nextUpload, PROBE_MS, type Upload } from './upload-estimate.ts';

export type LinkState =
  | { name: 'unknown' | 'measuring' | 'failed' }
  /** Bits a second. */
  | { name: 'measured'; bitrate: number };

export type UploadProbeEvents = { changed: undefined };

/** Measures, before a broadcast, what the link to the server carries. */
export class UploadProbe {
  readonly #url: string;
  readonly #events = new TypedEvents<UploadProbeEvents>();
  #state: LinkState = { name: 'unknown' };
  #running = new AbortController();

  constructor(channelId: string) {
    this.#url = `/api/v1/channels/${encodeURIComponent(channelId)}/upload-probe`;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Bits a second; null where that is not known. */
  get bitrate(): number | null {
    return this.#state.name === 'measured' ? this.#state.bitrate : null;
  }

  on<E extends keyof UploadProbeEvents>(event: E, listener: (data: UploadProbeEvents[E]) => void) {
    return this.#events.on(event, listener);
  }

  /**
   * Takes three seconds at most. A failure is a state, never an error.
   *
   * @param streamKey undefined where whoever is logged in may go live
   */
  async measure(streamKey: string | undefined): Promise<void> {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    this.#become({ name: 'measuring' });
    const bitrate = await this.#probe(streamKey, running.signal).catch((error: unknown) => {
      console.debug('sfumato: upload probe', error);
      return null;
    });
    if (running.signal.aborted) return;
    this.#become(bitrate === null ? { name: 'failed' } : { name: 'measured', bitrate });
  }

  /** The link is needed for other things. */
  cancel(): void {
    this.#running.abort();
    if (this.#state.name === 'measuring') this.#become({ name: 'unknown' });
  }

  /** @throws TypeError where the server cannot be reached, Error where it refuses */
  async #probe(streamKey: string | undefined, cancelled: AbortSignal): Promise<number | null> {
    const startedMs = performance.now();
    const signal = endedBy(cancelled, PROBE_MS);
    const done: Upload[] = [];
    for (;;) {
      const bytes = nextUpload(done, performance.now() - startedMs);
      if (bytes === null) return linkBitrate(done);
      done.push(await this.#upload(bytes, streamKey, signal));
    }
  }

  async #upload(
    bytes: number,
    streamKey: string | undefined,
    signal: AbortSignal,
  ): Promise<Upload> {
    const body = noise(bytes);
    const startedMs = performance.now();
    const headers = {
      ...(streamKey !== undefined && { authorization: `Bearer ${streamKey}` }),
      'content-type': 'application/octet-stream',
    };
    try {
      const response = await fetch(this.#url, { method: 'POST', headers, body, signal });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      await response.arrayBuffer();
      return { bytes, tookMs: performance.now() - startedMs, complete: true };
    } catch (error) {
      if (Reflect.get(Object(error), 'name') !== 'TimeoutError') throw error;
      return { bytes, tookMs: performance.now() - startedMs, complete: false };
    }
  }

  #become(state: LinkState): void {
    this.#state = state;
    this.#events.emit('changed', undefined);
  }
}

/** Not `AbortSignal.any`: older browsers than have it can broadcast. */
function endedBy(cancelled: AbortSignal, afterMs: number): AbortSignal {
  const ending = new AbortController();
  cancelled.addEventListener('abort', () => ending.abort(), { once: true });
  const tooLate = new DOMException('The probe took too long.', 'TimeoutError');
  setTimeout(() => ending.abort(tooLate), afterMs);
  return ending.signal;
}

/** Bytes that nothing on the way can make fewer. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes);
  // So many are given at once (https://www.w3.org/TR/WebCryptoAPI/#Crypto-method-getRandomValues).
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(all.subarray(at, at + 65_536));
  return all;
}
