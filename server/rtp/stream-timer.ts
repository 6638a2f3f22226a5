import { DueQueue } from './due-queue.ts';

/** Streams that are due within this time share a wake-up, milliseconds. */
const COALESCE_MS = 1;

export type TimedStream = {
  run(nowMs: number): void;
  /** Milliseconds of the monotonic clock; Infinity for not yet. */
  nextDueMs(): number;
};

/**
 * One timer for all streams of a thread. Each wake-up sends everything that is due by then, so the
 * cost of waking is shared; those that are not due cost nothing.
 */
export function createStreamTimer() {
  const queue = new DueQueue<TimedStream>();
  let timer: NodeJS.Timeout | undefined;
  let wakeMs = Number.POSITIVE_INFINITY;

  const wake = (): void => {
    wakeMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    for (const stream of queue.dueBy(nowMs + COALESCE_MS)) {
      // One that ran before it may have taken it away.
      if (!queue.has(stream)) continue;
      stream.run(nowMs);
      if (queue.has(stream)) queue.set(stream, stream.nextDueMs());
    }
    arm();
  };

  const arm = (): void => {
    const earliest = queue.earliestMs;
    if (earliest >= wakeMs || earliest === Number.POSITIVE_INFINITY) return;
    clearTimeout(timer);
    wakeMs = earliest;
    timer = setTimeout(wake, Math.max(0, earliest - performance.now()));
  };

  return {
    add(stream: TimedStream): void {
      queue.set(stream, stream.nextDueMs());
      arm();
    },
    remove(stream: TimedStream): void {
      queue.delete(stream);
    },
    /** Something changed that may make this stream due earlier. One that is not here is passed over. */
    reschedule(stream: TimedStream): void {
      if (!queue.has(stream)) return;
      queue.set(stream, stream.nextDueMs());
      arm();
    },
  };
}
