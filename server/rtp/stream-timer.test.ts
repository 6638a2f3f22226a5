import { expect, test } from '@jest/globals';
import { createStreamTimer, type TimedStream } from './stream-timer.ts';

/** Due so often, until it has run so many times. */
function periodic(
  everyMs: number,
  times: number,
  onRun: (count: number) => void = () => undefined,
) {
  let next = performance.now() + everyMs;
  let count = 0;
  const done = Promise.withResolvers<number>();
  const stream: TimedStream = {
    run(nowMs) {
      if (nowMs < next - 2) return;
      next += everyMs;
      count += 1;
      onRun(count);
      if (count === times) done.resolve(nowMs);
    },
    nextDueMs: () => (count >= times ? Number.POSITIVE_INFINITY : next),
  };
  return { stream, done: done.promise, count: () => count };
}

test('each stream runs when it is due, and no later for the others', async () => {
  const timer = createStreamTimer();
  const streams = [periodic(5, 20), periodic(7, 10), periodic(50, 2)];
  for (const { stream } of streams) timer.add(stream);
  await Promise.all(streams.map(({ done }) => done));
  expect(streams.map(({ count }) => count())).toEqual([20, 10, 2]);
});

test('one that is taken away runs no more, also by one that runs before it', async () => {
  const timer = createStreamTimer();
  const victim = periodic(20, 10);
  const other = periodic(10, 8, (count) => {
    if (count === 3) timer.remove(victim.stream);
  });
  timer.add(other.stream);
  timer.add(victim.stream);
  await other.done;
  expect(victim.count()).toBeLessThan(4);
});

test('one that becomes due earlier is woken earlier', async () => {
  const timer = createStreamTimer();
  const ran = Promise.withResolvers<void>();
  let dueMs = Number.POSITIVE_INFINITY;
  const stream: TimedStream = {
    run() {
      dueMs = Number.POSITIVE_INFINITY;
      ran.resolve();
    },
    nextDueMs: () => dueMs,
  };
  timer.reschedule(stream);
  timer.add(stream);
  dueMs = performance.now() + 3_600_000;
  timer.reschedule(stream);
  dueMs = performance.now() + 1;
  timer.reschedule(stream);
  await ran.promise;
});
