import type { Response } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';

/** Of one account or address: a page has one. */
const MAX_OF_ONE = 30;
const MAX_IN_ALL = 1_000;

/** What a client may leave unread. Bytes. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Counts streams of server-sent events, which are requests that do not end. */
export class EventStreamLimits {
  readonly #counts = new Map<string, number>();
  readonly #max: { ofOne: number; inAll: number };
  #all = 0;

  constructor(max = { ofOne: MAX_OF_ONE, inAll: MAX_IN_ALL }) {
    this.#max = max;
  }

  /** @param who an account's id or an address. @returns gives it back; once. @throws SfumatoError `tooMany`, `overloaded` */
  take(who: string): () => void {
    const count = this.#counts.get(who) ?? 0;
    if (count >= this.#max.ofOne) {
      throw new SfumatoError('tooMany', 'Too many event streams.', { retryAfterSeconds: 30 });
    }
    if (this.#all >= this.#max.inAll) {
      throw new SfumatoError('overloaded', 'Too many event streams.', { retryAfterSeconds: 30 });
    }
    this.#all += 1;
    this.#counts.set(who, count + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#all -= 1;
      const left = (this.#counts.get(who) ?? 1) - 1;
      if (left > 0) this.#counts.set(who, left);
      else this.#counts.delete(who);
    };
  }
}

/** One stream (HTML, section 9.2). */
export class EventStream {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
    response.status(200).set({
      'Cache-Control': 'no-store',
      'Content-Type': 'text/event-stream',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
  }

  /** A line that clients pass over: it keeps proxies from cutting what is idle. */
  comment(): void {
    this.#write(': \n\n');
  }

  send(event: string, data: unknown): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(text);
    // Who does not read is cut off, and comes back when it does.
    if (this.#response.writableLength > MAX_WAITING_BYTES) this.#response.destroy();
  }
}
