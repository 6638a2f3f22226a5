import { expect, test } from '@jest/globals';
import { createSharedJobs } from './shared-jobs.ts';

/** Work that ends when it is told to. */
function heldWork() {
  const { promise, resolve } = Promise.withResolvers<string>();
  let runs = 0;
  let signal: AbortSignal | undefined;
  return {
    finish: resolve,
    work: (run: { signal: AbortSignal; onProgress: (progress: number) => void }) => {
      runs += 1;
      signal = run.signal;
      run.onProgress(0.5);
      return promise;
    },
    runs: () => runs,
    aborted: () => signal?.aborted,
  };
}

test('two callers of one key share the work', async () => {
  const jobs = createSharedJobs<string, number>();
  const held = heldWork();
  const both = Promise.all([jobs.join('a', {}, held.work), jobs.join('a', {}, held.work)]);
  held.finish('done');
  expect(await both).toEqual(['done', 'done']);
  expect(held.runs()).toBe(1);
  await jobs.join('a', {}, held.work);
  expect(held.runs()).toBe(2);
});

test('one who gives up leaves the others waiting; the last one stops the work', async () => {
  const jobs = createSharedJobs<string, number>();
  const held = heldWork();
  const [first, second] = [new AbortController(), new AbortController()];
  const a = jobs.join('a', { signal: first.signal }, held.work);
  const b = jobs.join('a', { signal: second.signal }, held.work);
  first.abort(new Error('first left'));
  await expect(a).rejects.toThrow('first left');
  expect(held.aborted()).toBe(false);
  second.abort(new Error('second left'));
  await expect(b).rejects.toThrow('second left');
  expect(held.aborted()).toBe(true);
});

test('who comes after everybody left starts anew', async () => {
  const jobs = createSharedJobs<string, number>();
  const stopped = heldWork();
  const controller = new AbortController();
  const gone = jobs.join('a', { signal: controller.signal }, stopped.work);
  controller.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  const fresh = heldWork();
  const next = jobs.join('a', {}, fresh.work);
  stopped.finish('too late');
  fresh.finish('fresh');
  expect(await next).toBe('fresh');
});

test('a failure reaches every caller', async () => {
  const jobs = createSharedJobs<string, number>();
  const fail = () => Promise.reject(new Error('no'));
  const results = await Promise.allSettled([jobs.join('a', {}, fail), jobs.join('a', {}, fail)]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
});
