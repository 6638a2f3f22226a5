import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { MediaKind } from '../../signaling/contract/index.ts';
import { LayerBitrates } from './layer-bitrates.ts';
import { Pipe } from './pipe.ts';
import type { SfuWorker } from './sfu-worker.ts';

/** The Producers of a broadcast as one Router has them: its own, or those piped to it. */
export interface BroadcastAtRouter {
  producers: readonly types.Producer[];
  /** Lets go of the Router; the last one to do so ends the pipe. Idempotent. */
  release(): void;
}

interface PipeToWorker {
  pipe: Pipe;
  worker: SfuWorker;
  users: number;
}

/** A Router and the Worker that it runs on. */
export interface RouterPlace {
  worker: SfuWorker;
  router: types.Router;
}

/**
 * What is on air on one Channel right now: the Producers on the Worker that it is published on (its
 * origin), and the pipes that carry them to other Routers for as long as those have Viewers.
 */
export class Broadcast {
  readonly origin: SfuWorker;
  /** What its Layers take. */
  readonly bitrates = new LayerBitrates(() => this.offered);
  readonly #carry: (load: number) => () => void;
  readonly #log: Logger;
  readonly #producers = new Map<string, types.Producer>();
  /** Those that Viewers get in the place of an original, by its id. */
  readonly #standIns = new Map<string, types.Producer>();
  readonly #pipes = new Map<types.Router, PipeToWorker>();
  readonly #onClosed: () => void;
  #closed = false;

  /** @param carry counts load on the origin; the returned function takes it back */
  constructor(options: {
    origin: SfuWorker;
    carry: (load: number) => () => void;
    onClosed: () => void;
    log: Logger;
  }) {
    this.origin = options.origin;
    this.#carry = options.carry;
    this.#log = options.log;
    this.#onClosed = options.onClosed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** As the source sends them. */
  get producers(): readonly types.Producer[] {
    return [...this.#producers.values()];
  }

  /** As Viewers get them. */
  get offered(): readonly types.Producer[] {
    return this.producers.map((producer) => this.#standIns.get(producer.id) ?? producer);
  }

  has(kind: MediaKind): boolean {
    return this.producers.some((producer) => producer.kind === kind);
  }

  /** A further track. Viewers get it when they ask for Consumers again. It leaves when it is closed. */
  add(producer: types.Producer): void {
    const putDown = this.#carry(1);
    this.#producers.set(producer.id, producer);
    producer.observer.once('close', () => {
      putDown();
      this.#producers.delete(producer.id);
    });
  }

  /** Viewers who ask for Consumers from now on get the other one, for as long as it is open. */
  offerInsteadOf(original: types.Producer, standIn: types.Producer): void {
    const putDown = this.#carry(2);
    this.#standIns.set(original.id, standIn);
    standIn.observer.once('close', () => {
      putDown();
      this.#standIns.delete(original.id);
    });
  }

  /** The Workers that have this broadcast, by index: where a further Viewer costs no pipe. */
  presentAt(): Set<number> {
    const piped = [...this.#pipes.values()].map(({ worker }) => worker);
    return new Set([this.origin, ...piped].map((worker) => worker.index));
  }

  /** The Producers on the given Router, piped there if they are not there yet. */
  async attach({ worker, router }: RouterPlace): Promise<BroadcastAtRouter> {
    if (router === this.origin.router) {
      return { producers: this.offered, release: () => undefined };
    }
    const pipe = this.#pipes.get(router) ?? this.#pipeTo(worker, router);
    pipe.users += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      pipe.users -= 1;
      if (pipe.users === 0) this.#endPipe(router, pipe);
    };
    try {
      const producers = await Promise.all(this.offered.map((one) => pipe.pipe.carry(one)));
      return { producers, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Ends the broadcast on every Router. Consumers of it close with it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const [router, pipe] of this.#pipes) this.#endPipe(router, pipe);
    for (const producer of this.producers) producer.close();
    this.#onClosed();
  }

  #pipeTo(worker: SfuWorker, router: types.Router): PipeToWorker {
    const pipe = { pipe: new Pipe(this.origin.router, router), worker, users: 0 };
    this.#pipes.set(router, pipe);
    this.#log.debug({ from: this.origin.index, to: worker.index }, 'broadcast piped');
    return pipe;
  }

  #endPipe(router: types.Router, pipe: PipeToWorker): void {
    if (this.#pipes.get(router) === pipe) this.#pipes.delete(router);
    pipe.pipe.end();
    this.#log.debug({ from: this.origin.index }, 'broadcast un-piped');
  }
}
