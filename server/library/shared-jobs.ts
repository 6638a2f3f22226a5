/** What one caller of a shared job wants to hear, and how it gives up. */
type Caller<P> = {
  onProgress?: ((progress: P) => void) | undefined;
  signal?: AbortSignal | undefined;
};

type Job<T, P> = {
  result: Promise<T>;
  callers: Set<Caller<P>>;
  controller: AbortController;
};

export type SharedJobs<T, P> = {
  /** Starts the work under this key, or joins it where it is already being done. */
  join(
    key: string,
    caller: Caller<P>,
    work: (run: { signal: AbortSignal; onProgress: (progress: P) => void }) => Promise<T>,
  ): Promise<T>;
};

/** The same work asked for several times at once is done once. It is aborted when nobody waits. */
export function createSharedJobs<T, P>(): SharedJobs<T, P> {
  const jobs = new Map<string, Job<T, P>>();

  return {
    join(key, caller, work) {
      if (caller.signal?.aborted) return Promise.reject(caller.signal.reason);
      let job = jobs.get(key);
      if (!job) {
        job = begin(work, () => jobs.delete(key));
        jobs.set(key, job);
      }
      return wait(job, caller, () => jobs.delete(key));
    },
  };
}

function begin<T, P>(
  work: Parameters<SharedJobs<T, P>['join']>[2],
  onEnd: () => void,
): Job<T, P> {
  const callers = new Set<Caller<P>>();
  const controller = new AbortController();
  const onProgress = (progress: P) => {
    for (const caller of callers) caller.onProgress?.(progress);
  };
  const result = work({ signal: controller.signal, onProgress }).finally(onEnd);
  // Every caller may have gone by then; those who wait get the same rejection.
  result.catch(() => undefined);
  return { result, callers, controller };
}

function wait<T, P>(job: Job<T, P>, caller: Caller<P>, forget: () => void): Promise<T> {
  const { signal } = caller;
  job.callers.add(caller);
  return new Promise<T>((resolve, reject) => {
    const leave = () => {
      job.callers.delete(caller);
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      leave();
      reject(signal?.reason);
      if (job.callers.size > 0) return;
      // Who comes now starts anew instead of joining work that is being stopped.
      forget();
      job.controller.abort(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp);
    job.result.then(resolve, reject).finally(leave);
  });
}
