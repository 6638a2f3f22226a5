import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { toWireError } from '../../../signaling/contract/index.ts';
import { backoffMs, isWorthAnotherTry } from './backoff.ts';
import type { JobEvent, JobHandlers, TakenJob } from './job.ts';
import type { JobQueue } from './job-queue.ts';
import { passingTrouble } from './passing.ts';
import { JobRun } from './job-run.ts';

/** A server that died is noticed after so long, milliseconds. */
const LEASE_MS = 30_000;

/** How often is looked for what nobody here has said: of other nodes, and what is due again. Milliseconds. */
const POLL_MS = 1_000;

/** Encoders use several cores each, and live Channels need theirs. */
const DEFAULT_CONCURRENCY = Math.max(1, Math.floor(availableParallelism() / 2));

const GAVE_UP =
  'It was tried several times and never finished: the server may have run out of memory.';

export interface JobRunnerOptions {
  queue: JobQueue;
  handlers: JobHandlers;
  /** As many jobs at once. */
  concurrency?: number | undefined;
  /** Milliseconds. */
  leaseMs?: number | undefined;
  pollMs?: number | undefined;
  /** @returns milliseconds */
  backoff?: ((attempts: number) => number) | undefined;
  log: Logger;
}

/** Does the jobs for whose kinds it has handlers, from its making until `close()`. */
export class JobRunner {
  readonly #queue: JobQueue;
  readonly #handlers: JobHandlers;
  readonly #concurrency: number;
  readonly #leaseMs: number;
  readonly #backoff: (attempts: number) => number;
  readonly #log: Logger;
  readonly #runs = new Map<JobRun, Promise<void>>();
  /** How often jobs, by their id, have waited here one time after the other. */
  readonly #waits = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #closed: Promise<void> | undefined;

  constructor(options: JobRunnerOptions) {
    this.#queue = options.queue;
    this.#handlers = options.handlers;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#backoff = options.backoff ?? backoffMs;
    this.#log = options.log;
    this.#stopListening = this.#queue.on((event) => this.#heard(event));
    this.#timer = setInterval(() => this.#look(), options.pollMs ?? POLL_MS);
    this.#look();
  }

  /** Jobs that are being done here now. */
  get running(): number {
    return this.#runs.size;
  }

  /** Ends what is running, which is given back to the queue, and waits until it has ended. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopListening();
    clearInterval(this.#timer);
    for (const run of this.#runs.keys()) run.end('closing');
    await this.#looking;
    await Promise.all(this.#runs.values());
  }

  #heard({ type, jobId }: JobEvent): void {
    if (['done', 'failed', 'cancelled', 'lost'].includes(type)) this.#waits.delete(jobId);
    if (type === 'added' || type === 'waiting') this.#look();
    if (type !== 'cancelled') return;
    for (const run of this.#runs.keys()) if (run.id === jobId) run.end('cancelled');
  }

  /** One look at a time; who asks during one gets another. */
  #look(): void {
    this.#lookAgain = true;
    this.#looking ??= this.#fill().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.#look();
    });
  }

  async #fill(): Promise<void> {
    const kinds = Object.keys(this.#handlers);
    while (this.#lookAgain) {
      this.#lookAgain = false;
      try {
        while (this.#closed === undefined && this.#runs.size < this.#concurrency) {
          const job = await this.#queue.take(kinds, this.#leaseMs);
          if (job === undefined) break;
          this.#start(job);
        }
      } catch (err) {
        this.#log.warn({ err }, 'No job could be taken');
      }
    }
  }

  #start(job: TakenJob): void {
    const run = new JobRun({ queue: this.#queue, job, leaseMs: this.#leaseMs, log: this.#log });
    // It may have been taken while the server was told to stop.
    if (this.#closed !== undefined) run.end('closing');
    const { id: jobId, kind, assetId, progress, step } = job;
    this.#queue.emit({ type: 'started', jobId, kind, assetId, progress, step });
    const settled = this.#run(run, job)
      .catch((err: unknown) => {
        this.#log.error({ err, job: jobId }, 'A job could not be ended');
        this.#queue.lost(job);
      })
      .finally(() => {
        run.close();
        this.#runs.delete(run);
        this.#look();
      });
    this.#runs.set(run, settled);
  }

  async #run(run: JobRun, job: TakenJob): Promise<void> {
    if (job.attempts > job.maxAttempts) return this.#fail(job, GAVE_UP);
    try {
      run.signal.throwIfAborted();
      await this.#handlers[job.kind]?.run(run);
    } catch (error) {
      return this.#ended(run, job, error);
    }
    await this.#queue.done(job);
  }

  async #ended(run: JobRun, job: TakenJob, error: unknown): Promise<void> {
    if (run.ending === 'closing') return this.#queue.release(job);
    if (run.ending !== undefined) return this.#queue.lost(job);
    const trouble = passingTrouble(error);
    if (trouble !== undefined) return this.#wait(job, error, trouble);
    const reason = toWireError(error).message;
    this.#log.warn({ err: error, job: job.id, kind: job.kind, asset: job.assetId }, 'A job failed');
    if (isWorthAnotherTry(error) && job.attempts < job.maxAttempts) {
      return this.#queue.retry(job, this.#backoff(job.attempts), reason);
    }
    await this.#fail(job, reason);
  }

  async #wait(job: TakenJob, err: unknown, reason: string): Promise<void> {
    const { id, kind, assetId: asset } = job;
    const waits = (this.#waits.get(id) ?? 0) + 1;
    this.#waits.set(id, waits);
    this.#log.warn({ err, job: id, kind, asset }, 'A job waits');
    await this.#queue.wait(job, this.#backoff(waits), reason);
  }

  /** The handler is told first: dying in between, it is told again and not never. */
  async #fail(job: TakenJob, reason: string): Promise<void> {
    await this.#handlers[job.kind]?.failed?.(job, reason);
    await this.#queue.fail(job, reason);
  }
}
