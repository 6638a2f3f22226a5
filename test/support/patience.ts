import { availableParallelism, loadavg } from 'node:os';

/**
 * How long tests wait for what has to come, milliseconds. It promises nothing: what a person may be kept waiting
 * is measured, and held to its own limit.
 */
export const PATIENCE_MS = 90_000;

/**
 * A limit for a machine that has to do nothing else, made longer by as much as this one has more to do than
 * it has cores: what a person has to wait is held to its limit, what the machine's other work adds is not.
 *
 * @param limitMs milliseconds, as they are promised
 */
export function onThisMachine(limitMs: number): number {
  const [lastMinute = 0] = loadavg();
  return limitMs * Math.max(1, lastMinute / availableParallelism());
}
