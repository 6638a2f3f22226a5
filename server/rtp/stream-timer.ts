/** Streams that are due within this time share a wake-up, milliseconds. */
const COALESCE_MS = 1;

export type TimedStream = {
  run(nowMs: number): void;
  /** Milliseconds of the monotonic clock; Infinity for not yet. */
  nextDueMs(): number;
};

/**
 * One timer for all streams of a thread. Each wake-up sends everything that is due by then, so the
 * cost of waking is shared.
 */
export function createStreamTimer() {
  const dueMs = new Map<TimedStream, number>();
  let timer: NodeJS.Timeout | undefined;
  let wakeMs = Number.POSITIVE_INFINITY;

  const wake = (): void => {
    wakeMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    for (const [stream, due] of dueMs) {
      if (due > nowMs + COALESCE_MS) continue;
      stream.run(nowMs);
      dueMs.set(stream, stream.nextDueMs());
    }
    arm();
  };

  const arm = (): void => {
    let earliest = Number.POSITIVE_INFINITY;
    for (const due of dueMs.values()) earliest = Math.min(earliest, due);
    if (earliest >= wakeMs || earliest === Number.POSITIVE_INFINITY) return;
    clearTimeout(timer);
    wakeMs = earliest;
    timer = setTimeout(wake, Math.max(0, earliest - performance.now()));
  };

  return {
    add(stream: TimedStream): void {
      dueMs.set(stream, stream.nextDueMs());
      arm();
    },
    remove(stream: TimedStream): void {
      dueMs.delete(stream);
    },
    /** Something changed that may make this stream due earlier. One that is not here is passed over. */
    reschedule(stream: TimedStream): void {
      if (!dueMs.has(stream)) return;
      dueMs.set(stream, stream.nextDueMs());
      arm();
    },
  };
}
