/** What placement knows of a Worker. `load` counts Consumers and Producers; both cost packets. */
export interface WorkerLoad {
  index: number;
  load: number;
}

/**
 * What piping a Channel to one more Worker costs, in the same unit as `load`. A pipe carries the full
 * ladder to a second Worker, and every packet of it once more over loopback: about as much as a
 * dozen Viewers with sound and picture. Below that difference, it is cheaper to stay together.
 */
export const PIPE_COST = 24;

/** The Worker to publish a Channel on: the least loaded, the first among equals. */
export function placeBroadcast(workers: readonly WorkerLoad[]): number | undefined {
  return leastBy(workers, (worker) => worker.load);
}

/**
 * The Worker for a Viewer of a Channel: the one with the least load once the pipe it may need is counted
 * in; among equals one that has the Channel already.
 *
 * @param present indices of the Workers that have the Channel, published or piped
 */
export function placeViewer(
  workers: readonly WorkerLoad[],
  present: ReadonlySet<number>,
): number | undefined {
  return leastBy(workers, ({ index, load }) =>
    present.has(index) ? load - 0.5 : load + PIPE_COST,
  );
}

function leastBy(
  workers: readonly WorkerLoad[],
  cost: (worker: WorkerLoad) => number,
): number | undefined {
  let best: WorkerLoad | undefined;
  for (const worker of workers) {
    if (best === undefined || cost(worker) < cost(best)) best = worker;
  }
  return best?.index;
}
