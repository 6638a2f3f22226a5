import type { Logger } from 'pino';
import type { z } from 'zod';
import type { RunningJob, TakenJob } from './job.ts';
import type { JobQueue } from './job-queue.ts';

/** Why a run was ended from outside: nothing is to be said of the job then, or it goes back to the queue. */
export type Ending = 'closing' | 'cancelled' | 'lost';

/** Between two renewals a third of the lease goes by: two may fail. */
const RENEWALS_A_LEASE = 3;

export interface JobRunOptions {
  queue: JobQueue;
  job: TakenJob;
  leaseMs: number;
  log: Logger;
}

/** One taking of a job: keeps the lease, the steps, the progress. */
export class JobRun implements RunningJob {
  readonly #queue: JobQueue;
  readonly #job: TakenJob;
  readonly #leaseMs: number;
  readonly #log: Logger;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #renewedAt = performance.now();
  #ending: Ending | undefined;

  constructor({ queue, job, leaseMs, log }: JobRunOptions) {
    this.#queue = queue;
    this.#job = job;
    this.#leaseMs = leaseMs;
    this.#log = log;
    this.#timer = setInterval(() => void this.#renew(), leaseMs / RENEWALS_A_LEASE);
  }

  get id(): string {
    return this.#job.id;
  }

  get kind(): string {
    return this.#job.kind;
  }

  get assetId(): string | null {
    return this.#job.assetId;
  }

  get data(): unknown {
    return this.#job.data;
  }

  get attempt(): number {
    return this.#job.attempts;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Set where it was ended from outside. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  async step<S extends z.ZodType>(
    name: string,
    result: S,
    work: (signal: AbortSignal) => Promise<z.input<S>>,
  ): Promise<z.output<S>> {
    this.signal.throwIfAborted();
    const { steps } = this.#job;
    if (!Object.hasOwn(steps, name)) {
      const made: unknown = await work(this.signal);
      this.signal.throwIfAborted();
      steps[name] = { result: made };
      if (!(await this.#queue.keepSteps(this.#job))) this.end('lost');
      this.#job.attempts = 1;
      this.signal.throwIfAborted();
    }
    return result.parse(steps[name]?.result);
  }

  progress(fraction: number, step?: string): void {
    if (this.#ending !== undefined) return;
    this.#job.progress = Math.min(1, Math.max(0, fraction));
    this.#job.step = step ?? this.#job.step;
    const { id: jobId, kind, assetId, progress } = this.#job;
    this.#queue.emit({ type: 'progress', jobId, kind, assetId, progress, step: this.#job.step });
  }

  end(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#controller.abort(new Error(`The job was ended: ${ending}.`));
  }

  /** Stops renewing. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    try {
      if (await this.#queue.renew(this.#job, this.#leaseMs, this.#job)) {
        this.#renewedAt = performance.now();
      } else this.end('lost');
    } catch (err) {
      this.#log.warn({ err, job: this.id }, 'The lease of a job was not renewed');
    }
    // Somebody else may have it by now.
    if (performance.now() - this.#renewedAt > this.#leaseMs) this.end('lost');
  }
}
