import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { WIDE } from './cuts.ts';
import { frozenMs, shareAtLeast } from './frame-times.ts';
import { FILE } from './sources.ts';
import { onStage, openWatched, type Stage } from './stage.ts';
import type { WatchedPage } from './watched-page.ts';

/** Time to find the level of a link before it is judged. */
const SETTLING_MS = 15_000;
const MINUTE_MS = 60_000;

/** What a Viewer saw in a minute. */
export type Minute = { frozenMs: number; shareAtLeast(height: number): number };

/** What is missing of a minute on the best Layer that fits. */
export function benchSteadyLinks({ minutes = 1 }: BenchOptions): Promise<Figure[]> {
  return onStage(FILE, async (stage) => {
    const figures: Figure[] = [];
    for (const rate of [1_000_000, 2_000_000, WIDE]) {
      figures.push(...(await steady(stage, rate, minutes)));
    }
    return figures;
  });
}

/** Lets the Viewer find its level, and looks at it for some minutes. */
export async function watchMinutes(watched: WatchedPage, count: number): Promise<Minute[]> {
  await sleep(SETTLING_MS);
  const seen: Minute[] = [];
  for (let minute = 0; minute < count; minute += 1) {
    const fromMs = await watched.nowMs();
    await sleep(MINUTE_MS);
    const toMs = await watched.nowMs();
    const frames = await watched.frames();
    seen.push({
      frozenMs: frozenMs(frames, fromMs, toMs),
      shareAtLeast: (height) => shareAtLeast(frames, fromMs, toMs, height),
    });
  }
  return seen;
}

async function steady(stage: Stage, rate: number, minutes: number): Promise<Figure[]> {
  await stage.link.setBottleneck('down', { rate });
  const watched = await openWatched(stage);
  const seen = await watchMinutes(watched, minutes);
  await watched.close();
  const best = bestHeight(stage, rate);
  const name = `steady ${rate / 1_000_000} Mbit/s, a minute`;
  return [
    figure({
      name: `${name}: share of the time below the best Layer that fits`,
      unit: '%',
      ours: seen.map((minute) => 100 * (1 - minute.shareAtLeast(best))),
      target: { plus: 10, says: '10 %' },
    }),
    figure({ name: `${name}: frozen`, unit: 'ms', ours: seen.map((minute) => minute.frozenMs) }),
  ];
}

/** With its sound and what the packets' headers take. */
function bestHeight({ shown }: Stage, rate: number): number {
  const fits = shown.layers.filter(({ bitrate }) => bitrate * 1.05 + 80_000 < rate);
  return fits.at(-1)?.height ?? 0;
}
