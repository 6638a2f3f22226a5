import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RawData, WebSocket } from 'ws';
import {
  CLOSE_CODES,
  HEARTBEAT_INTERVAL_MS,
  MAX_REQUEST_BYTES,
  type NotificationData,
  type NotificationName,
  type ResponseEnvelope,
  SfumatoError,
  toWireError,
} from '../contract/index.ts';
import { requestIdOf } from './dispatch.ts';

export interface ConnectionOptions {
  socket: WebSocket;
  /** Answers a message; must not reject. */
  answer: (text: string) => Promise<ResponseEnvelope>;
  /** Called once, with the WebSocket close code. */
  onClosed: (code: number) => void;
  heartbeatMs?: number | undefined;
}

/** Requests of one connection: this many in this time, seconds. A seek bar that is dragged asks for each picture. */
const RATE = { points: 120, duration: 2 };
/** A client that goes on after being told so often is cut off. */
const MAX_REFUSALS = 200;
/** Requests that may wait for the one before them. */
const MAX_WAITING = 32;
/** Bytes that may wait for a client that does not read. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** One client's socket: requests one after the other, within limits, and notifications. */
export class Connection {
  /** Resolved when the socket is gone. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #limiter = new RateLimiterMemory(RATE);
  readonly #heartbeat: NodeJS.Timeout;
  #alive = true;
  #waiting = 0;
  #refusals = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs ?? HEARTBEAT_INTERVAL_MS);
    this.#socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    this.#socket.on('pong', () => {
      this.#alive = true;
    });
    // ws closes the socket itself after an error (a message over `maxPayload`, a broken frame).
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', (code) => {
        clearInterval(this.#heartbeat);
        this.#options.onClosed(code);
        resolve();
      });
    });
  }

  notify<N extends NotificationName>(event: N, data: NotificationData<N>): void {
    this.#send({ event, data });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Without the closing handshake: for a client that does not answer. */
  terminate(): void {
    this.#socket.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    this.#alive = true;
    const refusal = this.#refusalOf(data, isBinary);
    if (refusal !== undefined) return this.#refuse(refusal);
    this.#waiting += 1;
    this.#last = this.#last.then(() => this.#handle(toText(data)));
  }

  #refusalOf(data: RawData, isBinary: boolean): SfumatoError | undefined {
    if (isBinary) return new SfumatoError('badRequest', 'Messages are text.');
    if (byteLength(data) > MAX_REQUEST_BYTES) {
      return new SfumatoError('tooLarge', `A message may have ${MAX_REQUEST_BYTES} bytes.`);
    }
    return this.#waiting >= MAX_WAITING ? tooMany() : undefined;
  }

  async #handle(text: string): Promise<void> {
    if (await this.#isWithinRate()) await this.#answer(text);
    else this.#refuse(tooMany(), requestIdOf(text));
    this.#waiting -= 1;
  }

  /** What waited until the socket was gone is not carried out: nobody would let go of what it opens. */
  async #answer(text: string): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#send(await this.#options.answer(text));
  }

  async #isWithinRate(): Promise<boolean> {
    // The limiter rejects with its state, not with an error, when the limit is reached.
    return await this.#limiter.consume('requests').then(
      () => true,
      () => false,
    );
  }

  #refuse(error: SfumatoError, id: number | null = null): void {
    this.#refusals += 1;
    if (this.#refusals > MAX_REFUSALS) {
      this.close(CLOSE_CODES.tooManyRequests, 'too many refused messages');
      return;
    }
    this.#send({ id, ok: false, error: toWireError(error) });
  }

  #send(message: object): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) {
      // A closing frame would only wait behind what is not being read.
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(message));
  }

  #beat(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }
}

function tooMany(): SfumatoError {
  return new SfumatoError('tooMany', 'Too many messages at once.', { hint: 'Wait a second.' });
}

function byteLength(data: RawData): number {
  if (Array.isArray(data)) return data.reduce((sum, part) => sum + part.byteLength, 0);
  return data.byteLength;
}

function toText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}
