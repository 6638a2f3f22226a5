/** After the first refusal, and after many. */
const LEAST_MS = 30_000;
const MOST_MS = 240_000;

/**
 * When a stream of events is asked for again that the server has refused: it has too many of them, and would not
 * have more for being asked often.
 *
 * @param refusals one after the other, with this one
 * @param random from 0 to 1, so that pages do not come all at once
 */
export function refusedStreamDelayMs(refusals: number, random: number): number {
  const doubled = LEAST_MS * 2 ** Math.max(0, refusals - 1);
  return Math.min(MOST_MS, doubled) * (1 + random / 3);
}
