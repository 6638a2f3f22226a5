import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { MediaKind } from '../../signaling/contract/index.ts';
import type { SfuWorker } from './sfu-worker.ts';

/** The Producers of a broadcast as one Worker has them: its own, or those piped to it. */
export interface BroadcastAtWorker {
  producers: readonly types.Producer[];
  /** Lets go of the Worker; the last one to do so ends the pipe. Idempotent. */
  release(): void;
}

interface Pipe {
  producers: Promise<types.Producer[]>;
  users: number;
  end(): void;
}

/**
 * What is on air on one Channel right now: the Producers on the Worker that it is published on (its
 * origin), and the pipes that carry them to other Workers for as long as those have Viewers.
 */
export class Broadcast {
  readonly origin: SfuWorker;
  readonly #transport: types.Transport;
  readonly #producers: readonly types.Producer[];
  readonly #log: Logger;
  readonly #pipes = new Map<SfuWorker, Pipe>();
  readonly #onClosed: () => void;
  #closed = false;

  /** @param onLost called once when the broadcast ended without `close()`: its Worker died */
  constructor(options: {
    origin: SfuWorker;
    transport: types.Transport;
    producers: readonly types.Producer[];
    onLost: () => void;
    onClosed: () => void;
    log: Logger;
  }) {
    this.origin = options.origin;
    this.#transport = options.transport;
    this.#producers = options.producers;
    this.#log = options.log;
    this.#onClosed = options.onClosed;
    this.#transport.observer.once('close', () => {
      const lost = !this.#closed;
      this.close();
      if (lost) options.onLost();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  has(kind: MediaKind): boolean {
    return this.#producers.some((producer) => producer.kind === kind);
  }

  /** The Workers that have this broadcast, by index: where a further Viewer costs no pipe. */
  presentAt(): Set<number> {
    return new Set([this.origin, ...this.#pipes.keys()].map((worker) => worker.index));
  }

  /** The Producers on the given Worker, piped there if they are not there yet. */
  async attach(worker: SfuWorker): Promise<BroadcastAtWorker> {
    if (worker === this.origin) return { producers: this.#producers, release: () => undefined };
    const pipe = this.#pipes.get(worker) ?? this.#pipeTo(worker);
    pipe.users += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      pipe.users -= 1;
      if (pipe.users === 0) this.#endPipe(worker, pipe);
    };
    try {
      return { producers: await pipe.producers, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Ends the broadcast on every Worker. Consumers of it close with it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const [worker, pipe] of this.#pipes) this.#endPipe(worker, pipe);
    this.#transport.close();
    this.#onClosed();
  }

  #pipeTo(worker: SfuWorker): Pipe {
    const ends: (() => void)[] = [];
    let ended = false;
    const pipeOne = async (producer: types.Producer) => {
      const { pipeConsumer, pipeProducer } = await this.origin.router.pipeToRouter({
        producerId: producer.id,
        router: worker.router,
        keepId: false,
      });
      if (pipeConsumer === undefined || pipeProducer === undefined) throw new Error('no pipe made');
      // The sending end goes first (it takes the receiving one along), or the receiver would log
      // packets of an SSRC that it does not know.
      if (ended) pipeConsumer.close();
      else ends.push(() => pipeConsumer.close());
      return pipeProducer;
    };
    const pipe: Pipe = {
      producers: Promise.all(this.#producers.map(pipeOne)),
      users: 0,
      end: () => {
        ended = true;
        for (const end of ends) end();
      },
    };
    this.#pipes.set(worker, pipe);
    this.#log.debug({ from: this.origin.index, to: worker.index }, 'broadcast piped');
    return pipe;
  }

  #endPipe(worker: SfuWorker, pipe: Pipe): void {
    if (this.#pipes.get(worker) === pipe) this.#pipes.delete(worker);
    pipe.end();
    this.#log.debug({ from: this.origin.index, to: worker.index }, 'broadcast un-piped');
  }
}
