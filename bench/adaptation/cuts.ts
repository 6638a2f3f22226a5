import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientLink } from '../link/network-box.ts';
import {
  frozenMs,
  heightAfterMs,
  longestGapMs,
  lowerAfterMs,
  type PresentedFrame,
} from './frame-times.ts';
import type { WatchedPage } from './watched-page.ts';

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

/** Makes the Viewer's link narrow at a random moment, and wide again. */
export async function cutOnce(
  watched: WatchedPage,
  link: ClientLink,
  topHeight: number,
): Promise<CutOutcome> {
  await link.setBottleneck('down', { rate: WIDE });
  if (!(await watched.untilHeight(topHeight, 60_000))) throw new Error('the top Layer never came');
  await sleep(REST_MS * (1 + Math.random()));
  const cutMs = await watched.nowMs();
  await link.setBottleneck('down', { rate: NARROW });
  await sleep(NARROW_FOR_MS);
  const wideMs = await watched.nowMs();
  await link.setBottleneck('down', { rate: WIDE });
  await watched.untilHeight(topHeight, BACK_WITHIN_MS);
  const frames = (await watched.frames()).filter(({ atMs }) => atMs > cutMs - 2_000);
  return {
    lowerAfterMs: lowerAfterMs(frames, cutMs),
    longestGapMs: longestGapMs(frames, cutMs, wideMs),
    frozenMs: frozenMs(frames, cutMs, wideMs),
    topAfterMs: heightAfterMs(frames, wideMs, topHeight),
    cutMs,
    wideMs,
    frames,
  };
}
