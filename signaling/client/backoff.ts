/** Milliseconds. The first retry is nearly at once: most losses are a blip or a restarted server. */
const FIRST_DELAY_MS = { least: 100, most: 300 };
const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 5_000;

/**
 * How long to wait before the next try, milliseconds. Doubles from half a second up to 5 s, and half of
 * it is random, so that a thousand Viewers of a restarted server do not come back in one instant.
 *
 * @param failures tries that have failed in a row, 0 right after a working connection was lost
 * @param random 0 to 1
 * @param askedMs what the server asked for before it went (`serverClosing`), waited for at least
 */
export function retryDelayMs(failures: number, random: number, askedMs = 0): number {
  const spread = FIRST_DELAY_MS.most - FIRST_DELAY_MS.least;
  if (failures === 0) return Math.max(askedMs, FIRST_DELAY_MS.least) + spread * random;
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(failures - 1, 16));
  return Math.max(askedMs, ceiling * (0.5 + 0.5 * random));
}
