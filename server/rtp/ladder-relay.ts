import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { EncoderPaths } from './encoder-link.ts';
import type {
  FromLadderThread,
  LadderOptions,
  LadderPeer,
  ToLadderThread,
} from './ladder-messages.ts';

export type LadderRelayEvents = {
  /** Every Layer flows. */
  flowing(): void;
  /** The encoder takes pictures and gives none. */
  stalled(): void;
  /** Nothing flows any more. Called at most once. */
  failed(error: Error): void;
};

/** The main thread's end of one ladder. */
export type LadderRelay = {
  /** The UDP port, on loopback, that it sends from and hears. */
  readonly port: number;
  start(peer: LadderPeer): void;
  /** Listens for an encoder at these paths; resolves when one can be started. */
  encode(paths: EncoderPaths): Promise<void>;
  /** Lets go of the encoder. */
  rest(): void;
  /** Idempotent. */
  close(): void;
};

export type LadderRelays = {
  open(options: LadderOptions, events: LadderRelayEvents): Promise<LadderRelay>;
  /** Ends the thread and everything on it. */
  close(): Promise<void>;
};

type Listener = (message: FromLadderThread | { type: 'died'; error: Error }) => void;

/** Ladders, all on one thread, which is started for the first of them. */
export function createLadderRelays({ log }: { log: Logger }): LadderRelays {
  const listeners = new Map<number, Listener>();
  let worker: Worker | undefined;
  let closed = false;
  let nextId = 1;

  const die = (one: Worker, error: Error): void => {
    if (worker !== one) return;
    worker = undefined;
    if (!closed)
      log.error({ err: error }, 'The ladder thread died; the next ladder gets a new one');
    for (const listener of [...listeners.values()]) listener({ type: 'died', error });
  };

  const start = (): Worker => {
    const one = new Worker(new URL('./ladder-thread.ts', import.meta.url), { name: 'ladder' });
    one.on('message', (message: FromLadderThread) => listeners.get(message.ladderId)?.(message));
    one.on('error', (error) => die(one, error instanceof Error ? error : new Error(String(error))));
    one.on('exit', (code) => die(one, new Error(`The ladder thread ended with code ${code}.`)));
    return one;
  };

  const post = (message: ToLadderThread): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker?.postMessage(message);
  };

  return {
    async open(options, events) {
      if (closed) throw new Error('The ladders are closed.');
      worker ??= start();
      const ladderId = nextId;
      nextId += 1;
      return await openRelay(ladderId, options, events, { listeners, post });
    },
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}

async function openRelay(
  ladderId: number,
  options: LadderOptions,
  events: LadderRelayEvents,
  { listeners, post }: { listeners: Map<number, Listener>; post(message: ToLadderThread): void },
): Promise<LadderRelay> {
  let listening: { resolve(): void; reject(error: Error): void } | undefined;
  const fail = (error: Error): void => {
    listening?.reject(error);
    if (listeners.delete(ladderId)) events.failed(error);
  };
  const port = await new Promise<number>((resolve, reject) => {
    listeners.set(ladderId, (message) => {
      if (message.type === 'opened') resolve(message.port);
      else reject(message.type === 'died' ? message.error : new Error('The ladder did not open.'));
    });
    post({ type: 'open', ladderId, options });
  });
  listeners.set(ladderId, (message) => {
    if (message.type === 'listening') listening?.resolve();
    else if (message.type === 'notListening') listening?.reject(new Error(message.message));
    else if (message.type === 'flowing') events.flowing();
    else if (message.type === 'stalled') events.stalled();
    else if (message.type === 'failed') fail(new Error(message.message));
    else if (message.type === 'died') fail(message.error);
  });
  return {
    port,
    start: (peer) => post({ type: 'start', ladderId, peer }),
    encode: (paths) =>
      new Promise((resolve, reject) => {
        listening = { resolve, reject };
        post({ type: 'encode', ladderId, paths });
      }),
    rest: () => post({ type: 'rest', ladderId }),
    close: () => {
      listeners.delete(ladderId);
      post({ type: 'close', ladderId });
    },
  };
}
