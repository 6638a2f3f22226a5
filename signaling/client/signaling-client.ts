import {
  type Method,
  type NotificationData,
  type NotificationName,
  type RequestInput,
  type RequestResult,
  SfumatoError,
  SUBPROTOCOL,
} from '../contract/index.ts';
import { retryDelayMs, tryLimitMs } from './backoff.ts';
import { parseResult, parseServerMessage } from './messages.ts';
import { PendingRequests, type RequestOptions } from './pending-requests.ts';
import { TypedEvents } from './typed-events.ts';
import { watchWakeSignals } from './wake-signals.ts';

/**
 * `idle` before `open()`; `connecting` until the server's welcome; `open`; `waiting` for the next try;
 * `closed` for good.
 */
export type SignalingState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

export type SignalingEvents = { [N in NotificationName]: NotificationData<N> } & {
  stateChanged: { state: SignalingState; failures: number };
  /** The server said something that is not in the contract; it was passed over. */
  protocolProblem: { error: unknown };
};

export type SignalingOptions = {
  /** `ws:` or `wss:` */
  url: string;
  random?: () => number;
  /** Milliseconds; each has a default that suits people. */
  timing?: Partial<typeof DEFAULT_TIMING>;
};

const DEFAULT_TIMING = {
  /** From the start of a first connection to the server's welcome; later ones are given less. */
  welcomeMs: 8_000,
  /** A try that is older than this when the network seems to be back is begun anew. */
  staleTryMs: 1_000,
  /** The server's pings do not reach scripts, so after this silence the client asks. */
  silenceMs: 15_000,
  /** How long the answer to that may take. */
  probeMs: 4_000,
};

/** The browser's end of the conversation: typed requests, notifications, and a socket that comes back by itself. */
export class SignalingClient {
  readonly #url: string;
  readonly #random: () => number;
  readonly #timing: typeof DEFAULT_TIMING;
  readonly #events = new TypedEvents<SignalingEvents>();
  readonly #pending = new PendingRequests();
  #state: SignalingState = 'idle';
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #askedDelayMs = 0;
  #triedAtMs = 0;
  /** What connecting took the last time that it worked. */
  #usualMs: number | undefined;
  #unwatchWakeSignals: (() => void) | null = null;

  constructor({ url, random = Math.random, timing = {} }: SignalingOptions) {
    this.#url = url;
    this.#random = random;
    this.#timing = { ...DEFAULT_TIMING, ...timing };
  }

  get state(): SignalingState {
    return this.#state;
  }

  /** Tries that have failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  on<E extends keyof SignalingEvents>(event: E, listener: (data: SignalingEvents[E]) => void) {
    return this.#events.on(event, listener);
  }

  /** Connects, and from then on keeps connected until `close()`. A second call does nothing. */
  open(): void {
    if (this.#state !== 'idle') return;
    this.#unwatchWakeSignals = watchWakeSignals(() => this.checkNow());
    this.#connect();
  }

  /**
   * Asks the server.
   *
   * @throws SfumatoError the server's reason; `unavailable` while there is no socket or when it is lost
   *   before the answer; `timeout`. The signal's reason when it gives up.
   */
  async request<M extends Method>(
    method: M,
    data: RequestInput<M>,
    options: RequestOptions = {},
  ): Promise<RequestResult<M>> {
    const socket = this.#socket;
    if (this.#state !== 'open' || socket === null) throw notConnected();
    const answer = await this.#pending.add(
      (id) => socket.send(JSON.stringify({ id, method, data })),
      options,
    );
    return parseResult(method, answer);
  }

  /** Connects at once where it waited or got no answer, and where it seemed open finds out whether it still is. */
  checkNow(): void {
    if (this.#state === 'waiting') this.#connect();
    else if (this.#state === 'open') this.#probe();
    else if (this.#state === 'connecting' && this.#tryingMs() > this.#timing.staleTryMs) {
      this.#dropSocket();
      this.#connect();
    }
  }

  /** Ends the conversation for good. Open requests fail with `unavailable`. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#unwatchWakeSignals?.();
    this.#dropSocket();
    this.#setState('closed');
    this.#events.clear();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    const ifCurrent = (run: () => void) => () => {
      if (this.#socket === socket) run();
    };
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket) this.#receive(data);
    });
    socket.addEventListener(
      'close',
      ifCurrent(() => this.#lost()),
    );
    socket.addEventListener(
      'error',
      ifCurrent(() => this.#lost()),
    );
    this.#triedAtMs = performance.now();
    const limitMs = tryLimitMs(this.#failures, this.#usualMs, this.#timing.welcomeMs);
    this.#timer = setTimeout(() => this.#lost(), limitMs);
    this.#setState('connecting');
  }

  #tryingMs(): number {
    return performance.now() - this.#triedAtMs;
  }

  #receive(text: unknown): void {
    if (this.#state === 'open') this.#heard();
    try {
      if (typeof text !== 'string') throw new TypeError('a binary message');
      this.#dispatch(parseServerMessage(text));
    } catch (error) {
      this.#events.emit('protocolProblem', { error });
    }
  }

  #dispatch(message: ReturnType<typeof parseServerMessage>): void {
    if (message.kind === 'response') {
      const { response } = message;
      if (response.ok) this.#pending.resolve(response.id, response.data);
      else if (response.id !== null) this.#pending.reject(response.id, response.error);
    } else if (message.kind === 'notification') {
      const { event, data } = message.notification;
      if (event === 'welcome') this.#welcomed();
      if (event === 'serverClosing') this.#askedDelayMs = data.reconnectAfterMs;
      this.#events.emit(event, data);
    }
  }

  #welcomed(): void {
    if (this.#state === 'connecting') this.#usualMs = this.#tryingMs();
    this.#failures = 0;
    this.#askedDelayMs = 0;
    this.#heard();
    this.#setState('open');
  }

  /** Starts the silence anew. */
  #heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#probe(), this.#timing.silenceMs);
  }

  #probe(): void {
    const socket = this.#socket;
    const timeoutMs = this.#timing.probeMs;
    this.request('readClock', {}, { timeoutMs }).catch(() => {
      if (this.#socket === socket && this.#state === 'open') this.#lost();
    });
  }

  #lost(): void {
    const wasOpen = this.#state === 'open';
    this.#dropSocket();
    this.#failures = wasOpen ? 0 : this.#failures + 1;
    const delayMs = retryDelayMs({
      failures: this.#failures,
      random: this.#random(),
      askedMs: this.#askedDelayMs,
      spentMs: wasOpen ? 0 : this.#tryingMs(),
      offline: isOffline(),
    });
    this.#timer = setTimeout(() => this.#connect(), delayMs);
    this.#setState('waiting');
  }

  #dropSocket(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#pending.rejectAll(notConnected());
  }

  #setState(state: SignalingState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.emit('stateChanged', { state, failures: this.#failures });
  }
}

function notConnected(): SfumatoError {
  return new SfumatoError('unavailable', 'There is no connection to the server.');
}

/** Does the browser know of no network at all? Node does not say. */
function isOffline(): boolean {
  const onLine: unknown = Reflect.get(globalThis.navigator ?? {}, 'onLine');
  return onLine === false;
}
