import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { Assets, type AssetsOptions } from './assets.ts';
import { Collections } from './collections.ts';
import type { JobHandlers } from './jobs/job.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { JobRunner } from './jobs/job-runner.ts';

export interface CatalogueOptions {
  db: Database;
  log: Logger;
  onDelete?: AssetsOptions['onDelete'];
  defaultRules?: AssetsOptions['defaultRules'];
  defaultSites?: AssetsOptions['defaultSites'];
}

/** What the library knows: its Assets, collections, and what is to be done with them. */
export class Catalogue {
  readonly assets: Assets;
  readonly collections: Collections;
  readonly jobs: JobQueue;
  readonly db: Database;
  readonly #log: Logger;
  #runner: JobRunner | undefined;

  constructor({ db, log, ...assets }: CatalogueOptions) {
    this.#log = log;
    this.db = db;
    this.jobs = new JobQueue(db, log);
    this.assets = new Assets({ ...assets, db, jobs: this.jobs, log });
    this.collections = new Collections(db);
  }

  /** Begins with the jobs, of which it is told here how they are done. Once. */
  start(handlers: JobHandlers, concurrency?: number): void {
    const { jobs: queue } = this;
    this.#runner ??= new JobRunner({ queue, handlers, concurrency, log: this.#log });
  }

  /** Ends the jobs that are running; they go on with the next start. The database stays open. Idempotent. */
  async close(): Promise<void> {
    await this.#runner?.close();
  }
}
