/** The first time while it plays on. */
const FIRST_MS = 60_000;
const LONGEST_MS = 600_000;
/** At a pause or a seek, which cost nothing: but not with every one of many. */
const MOMENT_MS = 5_000;

/** How long after the last look WebRTC is looked for again while it plays, milliseconds. @param failures in a row */
export function nextLookMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}

/**
 * Is a pause or a seek a moment to look?
 *
 * @param sinceMs the last look, milliseconds ago; null: there was none
 */
export function isTimeToLook(sinceMs: number | null, failures: number): boolean {
  return sinceMs === null || sinceMs >= Math.min(FIRST_MS, MOMENT_MS * 2 ** (failures - 1));
}
