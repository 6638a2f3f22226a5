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

type Work<T, P> = (run: { signal: AbortSignal; onProgress: (progress: P) => void }) => Promise<T>;

export type SharedJobs<T, P> = {
  /** Starts the work under this key, or joins it where it is already being done. */
  join(key: string, caller: Caller<P>, work: Work<T, P>): Promise<T>;
};

/** The same work asked for several times at once is done once. It is aborted when nobody waits. */
export function createSharedJobs<T, P>(): SharedJobs<T, P> {
  const jobs = new Map<string, Job<T, P>>();
  const forget = (key: string, job: Job<T, P>) => {
    if (jobs.get(key) === job) jobs.delete(key);
  };

  return {
    join(key, caller, work) {
      if (caller.signal?.aborted) return Promise.reject(caller.signal.reason);
      const job = jobs.get(key) ?? begin(work);
      if (jobs.get(key) !== job) {
        jobs.set(key, job);
        const end = () => forget(key, job);
        job.result.then(end, end);
      }
      return wait(job, caller, () => forget(key, job));
    },
  };
}

function begin<T, P>(work: Work<T, P>): Job<T, P> {
  const callers = new Set<Caller<P>>();
  const controller = new AbortController();
  const onProgress = (progress: P) => {
    for (const caller of callers) caller.onProgress?.(progress);
  };
  return { result: work({ signal: controller.signal, onProgress }), callers, controller };
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
