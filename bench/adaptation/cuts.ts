import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientLink } from '../link/network-box.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import {
  frozenMs,
  heightAfterMs,
  longestGapMs,
  lowerAfterMs,
  type PresentedFrame,
} from './frame-times.ts';
import { openWatched, type Stage } from './stage.ts';
import type { WatchedPage } from './watched-page.ts';

const CUTS = 20;

/** Bits a second. */
export const WIDE = 4_000_000;
export const NARROW = 800_000;

/** What one cut and its end looked like to the Viewer. */
export type CutOutcome = {
  /** Until the first picture of a lower Layer, milliseconds; null: there was none. */
  lowerAfterMs: number | null;
  longestGapMs: number;
  frozenMs: number;
  /** From the link's being wide again to the top Layer, milliseconds; null: not in time. */
  topAfterMs: number | null;
  /** For a plot: the moments of the cut and of its end, by the page's clock, and what was presented. */
  cutMs: number;
  wideMs: number;
  frames: PresentedFrame[];
};

const NARROW_FOR_MS = 6_000;
const BACK_WITHIN_MS = 30_000;
/** The Viewer is at rest on the top Layer before a cut for at least this, and up to twice as long. */
const REST_MS = 5_000;
const RESTS = 20;
const TOP_WITHIN_MS = 60_000;
/** What is on the screen now is there within so long. */
const NOW_MS = 250;
/** A key frame of the lowest Layer comes at least this often, milliseconds. */
const LOWEST_KEY_FRAME_MS = 1000 / 6;

/**
 * Makes the Viewer's link narrow at random moments, and wide again.
 *
 * @param before done before each cut
 */
export async function makeCuts(
  stage: Stage,
  { rounds = CUTS }: BenchOptions,
  before: (watched: WatchedPage) => Promise<void> = async () => undefined,
): Promise<CutOutcome[]> {
  await stage.link.setBottleneck('down', { rate: WIDE });
  const watched = await openWatched(stage);
  const top = stage.shown.layers.at(-1)?.height;
  if (top === undefined) throw new Error('nothing is sent');
  const outcomes: CutOutcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await before(watched);
    outcomes.push(await cutOnce(watched, stage.link, top));
  }
  return outcomes;
}

/** @param what before the name of each figure */
export function cutFigures(what: string, outcomes: readonly CutOutcome[]): Figure[] {
  const of = (pick: (outcome: CutOutcome) => number | null) =>
    outcomes.map((outcome) => pick(outcome) ?? Number.POSITIVE_INFINITY);
  return [
    figure({
      name: `${what}4 to 0.8 Mbit/s: a lower Layer on the screen`,
      unit: 'ms',
      ours: of((outcome) => outcome.lowerAfterMs),
      target: { plus: 1.5 * (1_000 + LOWEST_KEY_FRAME_MS), says: '1.5 x (1 s + its key frame)' },
    }),
    figure({
      name: `${what}4 to 0.8 Mbit/s: longest standstill`,
      unit: 'ms',
      ours: of((outcome) => outcome.longestGapMs),
      target: { plus: 300, says: '300 ms' },
    }),
    figure({
      name: `${what}4 to 0.8 Mbit/s: frozen in six seconds`,
      unit: 'ms',
      ours: of((outcome) => outcome.frozenMs),
    }),
    figure({
      name: `${what}0.8 to 4 Mbit/s: the top Layer again`,
      unit: 'ms',
      ours: of((outcome) => outcome.topAfterMs),
      target: { plus: 8_000, says: '8 s' },
    }),
  ];
}

async function cutOnce(watched: WatchedPage, link: ClientLink, top: number): Promise<CutOutcome> {
  await comeToRest(watched, top);
  const cutMs = await watched.nowMs();
  await link.setBottleneck('down', { rate: NARROW });
  await sleep(NARROW_FOR_MS);
  const wideMs = await watched.nowMs();
  await link.setBottleneck('down', { rate: WIDE });
  await watched.untilHeight(top, BACK_WITHIN_MS);
  const frames = (await watched.frames()).filter(({ atMs }) => atMs > cutMs - 2_000);
  return {
    lowerAfterMs: lowerAfterMs(frames, cutMs),
    longestGapMs: longestGapMs(frames, cutMs, wideMs),
    frozenMs: frozenMs(frames, cutMs, wideMs),
    topAfterMs: heightAfterMs(frames, wideMs, top),
    cutMs,
    wideMs,
    frames,
  };
}

/** The top Layer has been there for a while, and is there now: elsewhere there would be nothing to fall from. */
async function comeToRest(watched: WatchedPage, top: number): Promise<void> {
  for (let tries = 0; tries < RESTS; tries += 1) {
    if (!(await watched.untilHeight(top, TOP_WITHIN_MS))) break;
    await sleep(REST_MS * (1 + Math.random()));
    if (await watched.untilHeight(top, NOW_MS)) return;
  }
  throw new Error('The top Layer never came to stay.');
}
