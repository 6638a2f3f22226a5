import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { WorkerLoad } from './placement.ts';
import { SfuWorker } from './sfu-worker.ts';
import type { SfuWorkerOptions } from './sfu-worker.ts';

export interface WorkerPoolOptions {
  size: number;
  listenInfosOf: (index: number) => SfuWorkerOptions['listenInfos'];
  workerBin: string | undefined;
  log: Logger;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

/** As many Workers as asked for; one that dies is replaced, at once and then with growing pauses. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, SfuWorker>();
  readonly #loads = new Map<SfuWorker, number>();
  readonly #closing = new AbortController();
  #deaths = 0;

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** @throws SfumatoError `unavailable` where a Worker cannot be started, with what to do about it */
  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    const indices = Array.from({ length: options.size }, (_, index) => index);
    const started = await Promise.allSettled(indices.map((index) => pool.#start(index)));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure === undefined) return pool;
    pool.close();
    throw startError(failure.reason);
  }

  get alive(): SfuWorker[] {
    return [...this.#workers.values()].toSorted((a, b) => a.index - b.index);
  }

  /** How many Workers have died since the start. */
  get deaths(): number {
    return this.#deaths;
  }

  loads(): WorkerLoad[] {
    return this.alive.map((worker) => ({
      index: worker.index,
      load: this.#loads.get(worker) ?? 0,
    }));
  }

  /** The living Worker of this index. @throws SfumatoError `unavailable` */
  at(index: number | undefined): SfuWorker {
    const worker = index === undefined ? undefined : this.#workers.get(index);
    if (worker === undefined) {
      throw new SfumatoError('unavailable', 'No SFU worker is running at the moment.', {
        hint: 'One is being started; try again in a second.',
      });
    }
    return worker;
  }

  /** Counts something that a Worker carries. The returned function takes it back, once. */
  carry(worker: SfuWorker, load: number): () => void {
    this.#loads.set(worker, (this.#loads.get(worker) ?? 0) + load);
    let carried = true;
    return () => {
      if (!carried) return;
      carried = false;
      if (this.#loads.has(worker)) this.#loads.set(worker, (this.#loads.get(worker) ?? 0) - load);
    };
  }

  close(): void {
    this.#closing.abort();
    for (const worker of this.#workers.values()) worker.close();
    this.#workers.clear();
    this.#loads.clear();
  }

  async #start(index: number): Promise<void> {
    const { listenInfosOf, workerBin, log } = this.#options;
    const worker = await SfuWorker.create({
      index,
      listenInfos: listenInfosOf(index),
      workerBin,
      log,
      onDied: () => this.#replace(index),
    });
    if (this.#closing.signal.aborted) worker.close();
    else this.#workers.set(index, worker);
  }

  #replace(index: number): void {
    const dead = this.#workers.get(index);
    // One that dies before it was ready is the business of whoever is starting it.
    if (dead === undefined) return;
    this.#deaths += 1;
    this.#workers.delete(index);
    this.#loads.delete(dead);
    this.#restart(index).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#options.log.fatal({ err: error }, 'worker restart');
    });
  }

  async #restart(index: number): Promise<void> {
    const { log } = this.#options;
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS)) {
      if (this.#closing.signal.aborted) return;
      try {
        await this.#start(index);
        log.info({ worker: index }, 'an SFU worker was replaced');
        return;
      } catch (error) {
        log.error({ worker: index, err: error, retryMs: pauseMs }, 'an SFU worker did not start');
      }
      await sleep(pauseMs, undefined, { signal: this.#closing.signal });
    }
  }
}

function startError(cause: unknown): SfumatoError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const portTaken = /address already in use|EADDRINUSE|bind/i.test(reason);
  return new SfumatoError('unavailable', `An SFU worker did not start: ${reason}`, {
    cause,
    hint: portTaken
      ? 'Another program has the media port: stop it, or set RTC_PORT to a free one.'
      : 'Run `npm run setup`, which builds or fetches the worker and tries it.',
  });
}
