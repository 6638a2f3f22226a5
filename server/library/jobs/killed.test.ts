import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { kill, startNode } from '../../../test/support/database-node.ts';
import {
  DATABASE_KINDS,
  type TestDatabases,
  testDatabases,
} from '../../../test/support/databases.ts';
import { until } from '../../../test/support/live-server.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import type { Job } from './job.ts';
import { JobQueue } from './job-queue.ts';
import { JobRunner } from './job-runner.ts';

const log = pino({ level: 'silent' });

describe.each(DATABASE_KINDS)('servers that are killed, on %s', (kind) => {
  let databases: TestDatabases;
  let at: { dataDir: string; url: string | undefined };
  let db: Database;
  let queue: JobQueue;

  beforeAll(async () => {
    databases = await testDatabases(kind);
  });
  beforeEach(async () => {
    at = await databases.create();
    db = await openDatabase({ ...at, log });
    queue = new JobQueue(db, log);
  });
  afterEach(() => db.destroy());
  afterAll(() => databases.close());

  test('killed at any moment, it ends done, and nothing that was finished is done again', async () => {
    const did = join(mkdtempSync(join(tmpdir(), 'sfumato-jobs-')), 'did');
    writeFileSync(did, '');
    const lines = () => readFileSync(did, 'utf8').split('\n').slice(0, -1);
    const { id } = await queue.add({ kind: 'x', data: { did }, maxAttempts: 20 });
    for (const stage of ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']) {
      const node = startNode(NODE, at);
      await until(() => lines().includes(stage) || node.exitCode !== null);
      await kill(node);
    }
    const last = startNode(NODE, at);
    await until(async () => (await queue.get(id)) === undefined);
    await kill(last);
    const said = lines();
    for (const [step, next] of [
      ['a', 'b'],
      ['b', 'c'],
    ]) {
      expect(said.lastIndexOf(`${step} begins`)).toBeLessThan(said.indexOf(`${next} begins`));
    }
    expect(said.at(-1)).toBe('c ends');
  });

  test('one that kills every server that takes it is given up', async () => {
    const { id } = await queue.add({ kind: 'x', data: { did: '' }, maxAttempts: 2 });
    for (const attempts of [1, 2]) {
      const node = startNode(NODE, at);
      await until(async () => (await queue.get(id))?.attempts === attempts);
      await kill(node);
    }
    const told: string[] = [];
    let runs = 0;
    const handler = {
      run: async () => void (runs += 1),
      failed: async (_job: Job, reason: string) => void told.push(reason),
    };
    const runner = new JobRunner({ queue, handlers: { x: handler }, pollMs: 20, log });
    await until(async () => (await queue.get(id))?.state === 'failed');
    await runner.close();
    expect([runs, told]).toEqual([0, [expect.stringContaining('several times')]]);
  });
});

const NODE = `
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { openDatabase } from './server/store/database.ts';
import { JobQueue } from './server/library/jobs/job-queue.ts';
import { JobRunner } from './server/library/jobs/job-runner.ts';
const log = pino({ level: 'silent' });
const at = JSON.parse(process.env.DATABASE_AT);
const db = await openDatabase({ dataDir: at.dataDir, url: at.url, log });
const handler = {
  async run(job) {
    const { did } = job.data;
    if (did === '') await new Promise(() => setInterval(() => undefined, 1_000));
    for (const name of ['a', 'b', 'c']) {
      await job.step(name, z.void(), async () => {
        appendFileSync(did, name + ' begins\\n');
        await sleep(20);
        appendFileSync(did, name + ' ends\\n');
      });
    }
  },
};
new JobRunner({ queue: new JobQueue(db, log), handlers: { x: handler }, leaseMs: 600, pollMs: 20, log });
process.stdin.on('end', () => process.exit()).resume();
`;
