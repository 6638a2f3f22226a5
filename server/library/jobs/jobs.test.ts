import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { z } from 'zod';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import {
  DATABASE_KINDS,
  type TestDatabases,
  testDatabases,
} from '../../../test/support/databases.ts';
import { until } from '../../../test/support/live-server.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { Assets } from '../assets.ts';
import { SERVER } from '../reader.ts';
import type { JobHandlers, NewJob } from './job.ts';
import { JobQueue } from './job-queue.ts';
import { JobRunner, type JobRunnerOptions } from './job-runner.ts';

const log = pino({ level: 'silent' });
const LONG_MS = 60_000;
const none = z.void();

describe.each(DATABASE_KINDS)('jobs on %s', (kind) => {
  let databases: TestDatabases;
  let at: { dataDir: string; url: string | undefined };
  let db: Database;
  let queue: JobQueue;
  const runners: JobRunner[] = [];
  const opened: Database[] = [];

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  beforeEach(async () => {
    at = await databases.create();
    db = await open();
    queue = new JobQueue(db, log);
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.close()));
    await Promise.all(opened.splice(0).map((one) => one.destroy()));
  });
  afterAll(() => databases.close());

  async function open(): Promise<Database> {
    const one = await openDatabase({ ...at, log });
    opened.push(one);
    return one;
  }

  function run(handlers: JobHandlers, options: Partial<JobRunnerOptions> = {}): JobRunner {
    const usual = { queue, handlers, concurrency: 1, pollMs: 20, backoff: () => 0, log };
    const runner = new JobRunner({ ...usual, ...options });
    runners.push(runner);
    return runner;
  }

  const add = async (job: Partial<NewJob> = {}) => (await queue.add({ kind: 'x', ...job })).id;
  const isGone = async (id: string) => (await queue.get(id)) === undefined;
  const isFailed = async (id: string) => (await queue.get(id))?.state === 'failed';
  const count = async () => (await db.selectFrom('jobs').select('id').execute()).length;

  test('one is taken once, by its kind, and gone when it is done', async () => {
    const id = await add({ data: { deep: [1, 'ä'] } });
    expect(await queue.take(['y'], LONG_MS)).toBeUndefined();
    expect(await queue.take([], LONG_MS)).toBeUndefined();
    const taken = await queue.take(['y', 'x'], LONG_MS);
    expect(taken).toMatchObject({ id, data: { deep: [1, 'ä'] }, attempts: 1, state: 'running' });
    expect(await queue.take(['x'], LONG_MS)).toBeUndefined();
    if (taken !== undefined) await queue.done(taken);
    expect(await queue.get(id)).toBeUndefined();
  });

  test('the more urgent is taken first, then the older', async () => {
    const order = [await add(), await add({ priority: 5 }), await add({ priority: -1 })];
    // Not in the same millisecond.
    await sleep(2);
    order.push(await add());
    const taken: (string | undefined)[] = [];
    for (const _ of order) taken.push((await queue.take(['x'], LONG_MS))?.id);
    expect(taken).toEqual([order[1], order[0], order[3], order[2]]);
  });

  test('a lease that was lost counts for nothing', async () => {
    const id = await add();
    const first = await queue.take(['x'], 0);
    await until(async () => (await queue.take(['x'], LONG_MS)) !== undefined);
    if (first === undefined) throw new Error('It was not taken.');
    expect(await queue.renew(first, LONG_MS, first)).toBe(false);
    expect(await queue.keepSteps(first)).toBe(false);
    await queue.done(first);
    await queue.fail(first, 'x');
    await queue.release(first);
    await queue.retry(first, 0, 'x');
    expect(await queue.get(id)).toMatchObject({ state: 'running', attempts: 2 });
  });

  test('nodes on one queue do every job once', async () => {
    const done: string[] = [];
    const jobs = 60;
    for (let index = 0; index < jobs; index += 1) await add();
    for (let node = 0; node < 3; node += 1) {
      const own = new JobQueue(await open(), log);
      const handler = async ({ id }: { id: string }) => {
        done.push(id);
        await sleep(Math.random() * 5);
      };
      run({ x: { run: handler } }, { queue: own, concurrency: 4 });
    }
    await until(async () => (await count()) === 0);
    expect(done).toHaveLength(jobs);
    expect(new Set(done).size).toBe(jobs);
  });

  test('no more than allowed run at once', async () => {
    let running = 0;
    let most = 0;
    const handler = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(5);
      running -= 1;
    };
    for (let index = 0; index < 20; index += 1) await add();
    run({ x: { run: handler } }, { concurrency: 3 });
    await until(async () => (await count()) === 0);
    expect(most).toBe(3);
  });

  test('a job that takes longer than its lease stays with whom it has', async () => {
    // Renewed in time on a busy machine, too.
    const leaseMs = 6_000;
    const id = await add();
    let runs = 0;
    const handler = async () => {
      runs += 1;
      await sleep(2 * leaseMs);
    };
    run({ x: { run: handler } }, { leaseMs });
    const other = new JobQueue(await open(), log);
    run({ x: { run: handler } }, { leaseMs, queue: other });
    await until(() => isGone(id));
    expect(runs).toBe(1);
  });

  test('a step that was finished is not done again', async () => {
    const id = await add();
    const did: string[] = [];
    const handlers: JobHandlers = {
      x: {
        async run(job) {
          const found = await job.step('look', z.object({ size: z.number() }), async () => {
            did.push('look');
            return { size: 5 };
          });
          await job.step('make', none, async () => {
            did.push(`make ${found.size}`);
            if (job.attempt < 3) throw new Error('not yet');
          });
          await job.step('last', none, async () => {
            did.push('last');
            if (did.filter((one) => one === 'last').length < 3) throw new Error('not yet');
          });
        },
      },
    };
    run(handlers);
    await until(() => isGone(id));
    expect(did).toEqual(['look', 'make 5', 'make 5', 'make 5', 'last', 'last', 'last']);
  });

  test('what never works ends as failed, with the reason, and its handler is told', async () => {
    const id = await add({ maxAttempts: 3 });
    const attempts: number[] = [];
    const told: string[] = [];
    run({
      x: {
        async run({ attempt }) {
          attempts.push(attempt);
          throw new SfumatoError('timeout', 'It took too long.');
        },
        async failed(job, reason) {
          told.push(`${job.id}: ${reason}`);
        },
      },
    });
    await until(() => isFailed(id));
    expect(attempts).toEqual([1, 2, 3]);
    expect(told).toEqual([`${id}: It took too long.`]);
    expect(await queue.get(id)).toMatchObject({ reason: 'It took too long.' });
    expect(await queue.take(['x'], LONG_MS)).toBeUndefined();
  });

  test('what will pass is waited for, as long as it takes, and people are told why', async () => {
    const id = await add({ maxAttempts: 2 });
    const waits: number[] = [];
    const attempts: number[] = [];
    const steps: (string | null)[] = [];
    let isFull = true;
    queue.on(({ type, step }) => {
      if (type === 'waiting') steps.push(step);
    });
    const handler = async ({ attempt }: { attempt: number }) => {
      attempts.push(attempt);
      // With no rest at all nothing else would get a turn.
      await sleep(1);
      if (isFull) throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    };
    const backoff = (times: number) => {
      waits.push(times);
      return 0;
    };
    run({ x: { run: handler } }, { backoff });
    await until(() => waits.length >= 20);
    isFull = false;
    await until(() => isGone(id));
    expect(waits.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(new Set(attempts)).toEqual(new Set([1]));
    expect(new Set(steps)).toEqual(new Set(['Waiting: The disk is full.']));
  });

  test('what failed is done after all when somebody asks for it, from the failed step on', async () => {
    const assets = new Assets({ db, jobs: queue, log });
    const { id: assetId } = await assets.create({ title: 'x' }, { id: 'me', name: 'Me' });
    const id = await add({ assetId, maxAttempts: 1 });
    const did: string[] = [];
    run({
      x: {
        async run(job) {
          await job.step('first', none, async () => void did.push('first'));
          did.push('then');
          if (did.length === 2) throw new Error('not this time');
        },
      },
    });
    await until(() => isFailed(id));
    expect(await db.transaction().execute((trx) => queue.again(assetId, trx))).toBe(true);
    await until(() => isGone(id));
    expect(did).toEqual(['first', 'then', 'then']);
    expect(await db.transaction().execute((trx) => queue.again(assetId, trx))).toBe(false);
  });

  test('who loses a job is told of it', async () => {
    const id = await add();
    const events: string[] = [];
    queue.on(({ type }) => events.push(type));
    let goOn = false;
    const runner = run({ x: { run: () => until(() => goOn) } }, { leaseMs: LONG_MS });
    await until(() => runner.running === 1);
    // As another node does that has taken it.
    await db.updateTable('jobs').set({ lease: 'another' }).where('id', '=', id).execute();
    goOn = true;
    await until(() => runner.running === 0);
    expect(events).toEqual(['started', 'lost']);
  });

  test('what cannot work is not tried again; what nobody expected is told to nobody', async () => {
    const runs: Record<string, number> = {};
    const fails = (error: unknown) => ({
      async run({ kind: which }: { kind: string }) {
        runs[which] = (runs[which] ?? 0) + 1;
        throw error;
      },
    });
    const ids = [await add({ kind: 'x' }), await add({ kind: 'y', maxAttempts: 2 })];
    run({
      x: fails(new SfumatoError('unsupportedMedia', 'It is a letter.')),
      y: fails(new Error('secret/path')),
    });
    await until(async () => (await Promise.all(ids.map(isFailed))).every(Boolean));
    expect(runs).toEqual({ x: 1, y: 2 });
    expect(await queue.get(ids[0] ?? '')).toMatchObject({ reason: 'It is a letter.' });
    expect((await queue.get(ids[1] ?? ''))?.reason).not.toContain('secret');
  });

  test('it rests before it is tried again', async () => {
    const id = await add();
    const rests: number[] = [];
    const handler = async () => {
      throw new Error('not now');
    };
    const backoff = (attempts: number) => {
      rests.push(attempts);
      return LONG_MS;
    };
    run({ x: { run: handler } }, { backoff });
    await until(async () => (await queue.get(id))?.state === 'queued' && rests.length > 0);
    await sleep(100);
    expect(rests).toEqual([1]);
    expect(await queue.get(id)).toMatchObject({ state: 'queued', attempts: 1 });
  });

  test('stopping in good order gives it back at once, and counts as no attempt', async () => {
    const id = await add({ maxAttempts: 1 });
    let reason: unknown;
    const first = run({
      x: {
        async run({ signal }) {
          await once(signal, 'abort');
          reason = signal.reason;
          throw reason;
        },
      },
    });
    await until(() => first.running === 1);
    await Promise.all([first.close(), first.close()]);
    expect(String(reason)).toContain('closing');
    expect(await queue.get(id)).toMatchObject({ state: 'queued', attempts: 0 });
    run({ x: { run: async () => undefined } });
    await until(() => isGone(id));
  });

  test('with its Asset a job ends, here at once and elsewhere with the next renewal', async () => {
    const assets = new Assets({ db, jobs: queue, log });
    const owner = { id: 'me', name: 'Me' };
    const endings: string[] = [];
    const handler = {
      async run({ signal }: { signal: AbortSignal }) {
        await once(signal, 'abort');
        endings.push(String(signal.reason));
        signal.throwIfAborted();
      },
    };
    const here = run({ x: { run: handler.run } }, { leaseMs: LONG_MS });
    const other = new JobQueue(await open(), log);
    const there = run({ y: { run: handler.run } }, { queue: other, leaseMs: 300 });
    const { id: assetId } = await assets.create({ title: 'x' }, owner);
    await add({ kind: 'x', assetId });
    await add({ kind: 'y', assetId });
    await add({ kind: 'z', assetId });
    await until(() => here.running + there.running === 2);
    await assets.delete(assetId, SERVER);
    await until(() => here.running + there.running === 0);
    expect(await count()).toBe(0);
    expect(endings.toSorted()).toEqual([
      'Error: The job was ended: cancelled.',
      'Error: The job was ended: lost.',
    ]);
  });

  test('what happens is told, and kept for other nodes', async () => {
    const events: string[] = [];
    queue.on(({ type, progress, step }) => events.push(`${type} ${progress} ${step}`));
    const id = await add();
    let goOn = false;
    run(
      {
        x: {
          async run(job) {
            job.progress(0.5, 'half');
            await until(() => goOn);
            job.progress(7);
          },
        },
      },
      { leaseMs: 300 },
    );
    await until(async () => (await queue.get(id))?.progress === 0.5);
    goOn = true;
    await until(() => isGone(id));
    await until(() => events.at(-1) === 'done 1 half');
    expect(events).toEqual([
      ...['added 0 null', 'started 0 null', 'progress 0.5 half', 'progress 1 half', 'done 1 half'],
    ]);
  });

  test('a job is there only if the transaction is that it was added in', async () => {
    const adding = db.transaction().execute(async (trx) => {
      await queue.add({ kind: 'x' }, trx);
      throw new Error('half way');
    });
    await expect(adding).rejects.toThrow('half way');
    expect(await count()).toBe(0);
  });
});
