import type { z } from 'zod';

/** Something to be done, now or after a restart. */
export interface NewJob {
  /** Whose handler does it. */
  kind: string;
  /** With this Asset the job ends. */
  assetId?: string;
  /** What the handler needs to know: JSON. */
  data?: unknown;
  /** The higher, the sooner. 0 where none is named. */
  priority?: number;
  /**
   * Begun without finishing a step; 5 where none is named. A server that is stopped in good order counts as none, nor
   * does what failed because of a disk or a server that is needed.
   */
  maxAttempts?: number;
}

export interface Job {
  id: string;
  kind: string;
  assetId: string | null;
  data: unknown;
  state: 'queued' | 'running' | 'failed';
  attempts: number;
  maxAttempts: number;
  /** 0 to 1. */
  progress: number;
  /** What is being done, for people. */
  step: string | null;
  /** Why it failed, for people. */
  reason: string | null;
}

/** A job that somebody has taken, for as long as the lease is renewed. */
export interface TakenJob extends Job {
  lease: string;
  /** Results of the steps that are finished, by name. */
  steps: Record<string, { result?: unknown }>;
}

/** What a handler is given. */
export interface RunningJob {
  readonly id: string;
  readonly kind: string;
  readonly assetId: string | null;
  /** To be parsed by the handler. */
  readonly data: unknown;
  /** From 1 on. */
  readonly attempt: number;
  /** The Asset was deleted, the job was lost to another node, or the server is being stopped: end at once. */
  readonly signal: AbortSignal;
  /**
   * Does a part of the work once, however often the job is taken up again: a step that was finished gives back its
   * result. The result is JSON; what is made on disk has to be there before the step ends.
   *
   * @throws whatever `work` throws; the signal's reason where the job is not ours any more
   */
  step<S extends z.ZodType>(
    name: string,
    result: S,
    work: (signal: AbortSignal) => Promise<z.input<S>>,
  ): Promise<z.output<S>>;
  /** @param fraction of the whole job, 0 to 1. @param step what is being done, for people */
  progress(fraction: number, step?: string): void;
}

export interface JobHandler {
  /**
   * Returning means done. Throwing means another try later, but not after a SfumatoError that is about the thing
   * itself (`unsupportedMedia`, `notFound` ...), nor after the last attempt. Trouble that passes (`unavailable`, no
   * room, a network's) counts as no attempt.
   */
  run(job: RunningJob): Promise<void>;
  /** It will not be tried again. May be called twice where a server dies in it. @param reason for people */
  failed?(job: Job, reason: string): Promise<void>;
}

/** By the kind of the jobs. */
export type JobHandlers = Readonly<Record<string, JobHandler>>;

/** What has just happened to a job in this process. */
export interface JobEvent {
  type: 'added' | 'started' | 'progress' | 'done' | 'waiting' | 'failed' | 'cancelled' | 'lost';
  jobId: string;
  kind: string;
  assetId: string | null;
  /** 0 to 1. */
  progress: number;
  step: string | null;
}
