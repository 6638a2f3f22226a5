export interface Throttle {
  /** Acts at once, instead of what was due. */
  now(): void;
  /** Acts within the interval, once for however many calls. */
  soon(): void;
  cancel(): void;
}

export function atMostEvery(intervalMs: number, act: () => void): Throttle {
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const now = () => {
    cancel();
    act();
  };
  return {
    now,
    soon: () => {
      timer ??= setTimeout(now, intervalMs);
    },
    cancel,
  };
}
