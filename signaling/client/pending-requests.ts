import { SfumatoError, type WireError } from '../contract/index.ts';

type Pending = {
  resolve: (data: unknown) => void;
  reject: (reason: unknown) => void;
};

export type RequestOptions = {
  /** Milliseconds until the request fails with `timeout`. */
  timeoutMs?: number;
  /** Gives the answer up; the promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
};

const DEFAULT_TIMEOUT_MS = 10_000;

/** The requests on one socket that have not been answered yet. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  get size(): number {
    return this.#pending.size;
  }

  /**
   * Hands a fresh id to `send` and waits for its answer.
   *
   * @throws SfumatoError `timeout`, or the code that the server answered with; the signal's reason
   */
  add(send: (id: number) => void, options: RequestOptions = {}): Promise<unknown> {
    const id = this.#nextId++;
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#settle(id)?.reject(new SfumatoError('timeout', 'The server did not answer in time.'));
      }, timeoutMs);
      const onAbort = () => this.#settle(id)?.reject(signal?.reason);
      const cleanUp = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#pending.set(id, {
        resolve: (data) => (cleanUp(), resolve(data)),
        reject: (reason) => (cleanUp(), reject(reason)),
      });
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted) onAbort();
      else send(id);
    });
  }

  resolve(id: number, data: unknown): void {
    this.#settle(id)?.resolve(data);
  }

  reject(id: number, error: WireError): void {
    const { code, message, ...options } = error;
    this.#settle(id)?.reject(new SfumatoError(code, message, options));
  }

  /** Fails everything that still waits, since its socket is gone. */
  rejectAll(error: SfumatoError): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
