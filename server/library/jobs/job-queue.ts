import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { createListeners, type Undo } from '../../rtp/listeners.ts';
import type { Database } from '../../store/database.ts';
import { databaseTime, kindOf } from '../../store/dialect.ts';
import type { JobRow } from '../../store/tables.ts';
import type { Job, JobEvent, NewJob, TakenJob } from './job.ts';

const DEFAULT_ATTEMPTS = 5;

const NEW = {
  state: 'queued',
  attempts: 0,
  lease: null,
  steps: '{}',
  progress: 0,
  step: null,
  reason: null,
} as const;

const AGAIN = { state: 'queued', attempts: 0, progress: 0, step: null, reason: null } as const;

const stepsSchema = z.record(z.string(), z.object({ result: z.unknown().optional() }));

/**
 * Jobs in the database, so that none is forgotten. Whoever takes one has it for a lease, and renews that; when
 * it does not, somebody else takes the job up. Only the present lease's word counts: whoever lost it, by being
 * held up, can change nothing any more. A job that is done is gone.
 */
export class JobQueue {
  readonly #db: Database;
  readonly #events;

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#events = createListeners<JobEvent>(log);
  }

  /** What happens to jobs in this process. */
  on(listener: (event: JobEvent) => void): Undo {
    return this.#events.on(listener);
  }

  emit(event: JobEvent): void {
    this.#events.emit(event);
  }

  /**
   * @param db a transaction, for a job that is there if and only if something else is; then the runners find it
   *   with their next look, within a second
   */
  async add(job: NewJob, db: Database = this.#db): Promise<Job> {
    const { kind, assetId = null, data = null, priority = 0 } = job;
    const row = await db
      .insertInto('jobs')
      .values({
        ...NEW,
        ...{ id: randomUUID(), kind, assetId, priority, data: JSON.stringify(data) },
        maxAttempts: job.maxAttempts ?? DEFAULT_ATTEMPTS,
        dueMs: databaseTime(db),
        createdAt: new Date().toISOString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const added = asJob(row);
    if (!db.isTransaction) this.#tell('added', added);
    return added;
  }

  async get(id: string): Promise<Job | undefined> {
    const query = this.#db.selectFrom('jobs').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    return row && asJob(row);
  }

  /** What is still to be done with these Assets, and what failed; oldest first. */
  async ofAssets(assetIds: readonly string[], db: Database = this.#db): Promise<Job[]> {
    if (assetIds.length === 0) return [];
    const query = db.selectFrom('jobs').selectAll().where('assetId', 'in', assetIds);
    return (await query.orderBy('createdAt').orderBy('id').execute()).map(asJob);
  }

  /** How many there are, of all servers. */
  async count(): Promise<{ kind: string; state: Job['state']; jobs: number }[]> {
    const rows = await this.#db
      .selectFrom('jobs')
      .select(({ fn }) => ['kind', 'state', fn.countAll().as('jobs')])
      .groupBy(['kind', 'state'])
      .execute();
    return rows.map(({ kind, state, jobs }) => ({ kind, state, jobs: Number(jobs) }));
  }

  /** Takes the next one that is due. Nobody else gets it as long as the lease is renewed. */
  async take(kinds: readonly string[], leaseMs: number): Promise<TakenJob | undefined> {
    if (kinds.length === 0) return undefined;
    const due = this.#db
      .selectFrom('jobs')
      .select('id')
      .where('dueMs', '<=', databaseTime(this.#db))
      .where('kind', 'in', kinds)
      .orderBy('priority', 'desc')
      .orderBy('dueMs')
      .limit(1);
    // PostgreSQL: what another node is just taking is passed over and not waited for.
    const next = kindOf(this.#db) === 'postgres' ? due.forUpdate().skipLocked() : due;
    const row = await this.#db
      .updateTable('jobs')
      .set((job) => ({
        state: 'running' as const,
        attempts: job('attempts', '+', 1),
        dueMs: databaseTime(this.#db, leaseMs),
        lease: randomUUID(),
      }))
      // Not `in`: PostgreSQL may ask an `in` more than once, and each time for another one.
      .where('id', '=', next)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined || row.lease === null) return undefined;
    return { ...asJob(row), lease: row.lease, steps: stepsSchema.parse(JSON.parse(row.steps)) };
  }

  /** @returns whether the job is still ours */
  async renew(
    job: TakenJob,
    leaseMs: number,
    { progress, step }: Pick<Job, 'progress' | 'step'>,
  ): Promise<boolean> {
    const dueMs = databaseTime(this.#db, leaseMs);
    return changed(await this.#ours(job).set({ dueMs, progress, step }).executeTakeFirst());
  }

  /**
   * Keeps the results of steps. What gets on is no hopeless case: attempts are counted anew.
   *
   * @returns whether the job is still ours
   */
  async keepSteps(job: TakenJob): Promise<boolean> {
    const changes = { steps: JSON.stringify(job.steps), attempts: 1 };
    return changed(await this.#ours(job).set(changes).executeTakeFirst());
  }

  /** It is done, and gone. */
  async done(job: TakenJob): Promise<void> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('jobs')
      .where('id', '=', job.id)
      .where('lease', '=', job.lease)
      .executeTakeFirst();
    this.#tellHolder(numDeletedRows > 0n, 'done', { ...job, progress: 1 });
  }

  /** Another attempt, after so many milliseconds. */
  async retry(job: TakenJob, afterMs: number, reason: string): Promise<void> {
    const dueMs = databaseTime(this.#db, afterMs);
    const result = await this.#ours(job)
      .set({ state: 'queued', lease: null, dueMs, reason })
      .executeTakeFirst();
    this.#tellHolder(changed(result), 'waiting', job);
  }

  /**
   * The same where it is nobody's fault, so that this attempt does not count.
   *
   * @param reason for people: it stands where the step that is being done does
   */
  async wait(job: TakenJob, afterMs: number, reason: string): Promise<void> {
    const dueMs = databaseTime(this.#db, afterMs);
    const step = `Waiting: ${reason}`;
    const result = await this.#ours(job)
      .set((row) => ({
        ...{ state: 'queued' as const, lease: null, dueMs, reason, step },
        attempts: row('attempts', '-', 1),
      }))
      .executeTakeFirst();
    this.#tellHolder(changed(result), 'waiting', { ...job, step });
  }

  /** Gives it back to be taken up at once, by whomever; this attempt does not count. */
  async release(job: TakenJob): Promise<void> {
    const dueMs = databaseTime(this.#db);
    const result = await this.#ours(job)
      .set((row) => ({ state: 'queued', lease: null, dueMs, attempts: row('attempts', '-', 1) }))
      .executeTakeFirst();
    this.#tellHolder(changed(result), 'waiting', job);
  }

  /** It stays as what failed, until its Asset goes. */
  async fail(job: TakenJob, reason: string): Promise<void> {
    const result = await this.#ours(job)
      .set({ state: 'failed', lease: null, dueMs: null, reason })
      .executeTakeFirst();
    this.#tellHolder(changed(result), 'failed', job);
  }

  /**
   * What failed of an Asset is to be done after all, from the step on that failed.
   *
   * @returns whether anything had; the runners find it with their next look
   */
  async again(assetId: string, trx: Database): Promise<boolean> {
    const result = await trx
      .updateTable('jobs')
      .set({ ...AGAIN, dueMs: databaseTime(trx) })
      .where('assetId', '=', assetId)
      .where('state', '=', 'failed')
      .executeTakeFirst();
    return changed(result);
  }

  /** It is not ours any more: another one has it, or it is gone. */
  lost(job: TakenJob): void {
    this.#tell('lost', job);
  }

  /** Ends a job. Its handler is told, here at once, on other nodes with its next renewal. */
  async cancel(id: string): Promise<void> {
    const query = this.#db.deleteFrom('jobs').where('id', '=', id).returningAll();
    const row = await query.executeTakeFirst();
    if (row !== undefined) this.#tell('cancelled', asJob(row));
  }

  /** To be called before an Asset's row goes, which takes its jobs along. @returns tells of it, afterwards */
  async assetsGoing(assetIds: readonly string[], trx: Database): Promise<() => void> {
    const query = trx.deleteFrom('jobs').where('assetId', 'in', assetIds).returningAll();
    const jobs = (await query.execute()).map(asJob);
    return () => {
      for (const job of jobs) this.#tell('cancelled', job);
    };
  }

  /** Nothing where another one has taken it, or it is gone. */
  #ours({ id, lease }: TakenJob) {
    return this.#db.updateTable('jobs').where('id', '=', id).where('lease', '=', lease);
  }

  #tellHolder(isOurs: boolean, type: JobEvent['type'], job: TakenJob): void {
    this.#tell(isOurs ? type : 'lost', job);
  }

  #tell(type: JobEvent['type'], { id, kind, assetId, progress, step }: Job): void {
    this.#events.emit({ type, jobId: id, kind, assetId, progress, step });
  }
}

function changed({ numUpdatedRows }: { numUpdatedRows: bigint }): boolean {
  return numUpdatedRows > 0n;
}

function asJob(row: JobRow): Job {
  const { id, kind, assetId, data, state, attempts, maxAttempts, progress, step, reason } = row;
  return {
    ...{ id, kind, assetId, data: parseJson(data), state },
    ...{ attempts, maxAttempts, progress, step, reason },
  };
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}
