/** Milliseconds. The first retry is nearly at once: most losses are a blip or a restarted server. */
const FIRST_DELAY_MS = { least: 100, most: 300 };
const BASE_DELAY_MS = 500;

/**
 * The longest wait, by how many tries have failed. Half a minute's loss shall end with a wait that nobody
 * minds. But Chromium holds back the sockets of a page that have failed too often in the last minutes: twenty
 * failures cost nothing, thirty up to five seconds (its WebSocketThrottler).
 */
const LONGEST_DELAYS_MS = [
  { untilFailures: 10, ms: 1_500 },
  { untilFailures: 24, ms: 2_500 },
];
const LONGEST_DELAY_MS = 5_000;

export type LostTry = {
  /** Tries that have failed in a row, 0 right after a working connection was lost. */
  failures: number;
  /** 0 to 1 */
  random: number;
  /** What the server asked for before it went (`serverClosing`), waited for at least. Milliseconds. */
  askedMs?: number;
  /** What the try itself took: where nothing answered, that was wait enough. Milliseconds. */
  spentMs?: number;
  /** The browser knows of no network, and will say when there is one: a try in between is for its errors. */
  offline?: boolean;
};

/**
 * How long to wait before the next try, milliseconds. Doubles from half a second on, and half of it is
 * random, so that a thousand Viewers of a restarted server do not come back in one instant.
 */
export function retryDelayMs(lost: LostTry): number {
  const { failures, random, askedMs = 0, spentMs = 0, offline = false } = lost;
  const spread = FIRST_DELAY_MS.most - FIRST_DELAY_MS.least;
  if (offline) return LONGEST_DELAY_MS;
  if (failures === 0) return Math.max(askedMs, FIRST_DELAY_MS.least) + spread * random;
  const shortest = FIRST_DELAY_MS.least + spread * random;
  return Math.max(askedMs, shortest, ceilingMs(failures) * (0.5 + 0.5 * random) - spentMs);
}

function ceilingMs(failures: number): number {
  const stage = LONGEST_DELAYS_MS.find(({ untilFailures }) => failures < untilFailures);
  const doubled = BASE_DELAY_MS * 2 ** Math.min(failures - 1, 16);
  return Math.min(stage?.ms ?? LONGEST_DELAY_MS, doubled);
}

const SHORTEST_TRY_MS = 2_000;
const TRIES_AT_USUAL_PACE = 12;

/**
 * How long a try may take, milliseconds. One that was begun while the network was cut does not notice its
 * return: TCP repeats its first packet after 1, 2, 4, 8 s (RFC 6298 section 5.5), so that a new try is
 * sooner there. Where that goes on, the link may just have become slow, and every second try has its time.
 *
 * @param failures tries that have failed in a row
 * @param usualMs what connecting took when it worked; undefined when it never has
 * @param patientMs for a first try, and for a link that may have become slow
 */
export function tryLimitMs(
  failures: number,
  usualMs: number | undefined,
  patientMs: number,
): number {
  const patient = failures >= TRIES_AT_USUAL_PACE && failures % 2 === 0;
  if (usualMs === undefined || patient) return patientMs;
  return Math.min(patientMs, Math.max(SHORTEST_TRY_MS, 4 * usualMs));
}
