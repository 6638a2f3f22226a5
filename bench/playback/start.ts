import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import type { FirstFrame } from '../browser/bare-page.ts';
import { openOurs, playOurs } from '../browser/our-page.ts';
import { inFreshPage, playerModule } from '../browser/pages.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { undoing } from '../support/undoing.ts';
import { filmOf, LONG, startStage } from './films.ts';

const ROUNDS = 21;
/** For a page to come to rest, and for a warm player to make itself ready. Milliseconds. */
const REST_MS = 700;

/** From the click to the first picture of a film, against a live Channel in the same player. */
export function benchStart({ rounds = ROUNDS }: BenchOptions): Promise<Figure[]> {
  return undoing(async (undo) => {
    const module = await playerModule();
    const stage = await startStage(undo);
    const { id } = await filmOf(stage, LONG);
    const browser = await launchChromium();
    undo.push(() => browser.close());
    const { url } = stage.server;
    const figures: Figure[] = [];
    for (const preload of ['auto', 'none'] as const) {
      const film: FirstFrame[] = [];
      const live: FirstFrame[] = [];
      for (let round = 0; round < rounds; round += 1) {
        film.push(await measure(browser, url, { module, preload, src: `/watch/${id}` }));
        live.push(await measure(browser, url, { module, preload, src: 'demo' }));
      }
      figures.push(...figuresOf(preload === 'auto' ? 'warm' : 'cold', film, live));
    }
    return figures;
  });
}

type Opening = { module: string; src: string; preload: 'none' | 'auto' };

async function measure(browser: Browser, url: string, opening: Opening): Promise<FirstFrame> {
  return await inFreshPage(browser, url, async (page) => {
    await page.evaluate(openOurs, opening);
    await sleep(REST_MS);
    return await page.evaluate(playOurs);
  });
}

/**
 * A Viewer of a Channel waits for the next key frame, a sixth of a second at most. The quickest third of the starts had
 * it nearly ready: on average they waited for 28 ms.
 */
function withReadyKeyFrame(times: readonly number[]): number[] {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.slice(0, Math.ceil(sorted.length / 3));
}

function figuresOf(page: string, film: FirstFrame[], live: FirstFrame[]): Figure[] {
  const frames = (of: FirstFrame[]) => of.map(({ firstFrameMs }) => firstFrameMs);
  const connected = (of: FirstFrame[]) => of.map(({ connectedMs }) => connectedMs);
  return [
    figure({
      name: `start of a film, page ${page} (floor: a Channel with a ready key frame)`,
      unit: 'ms',
      ours: frames(film),
      floor: withReadyKeyFrame(frames(live)),
      target: { times: 1.2, says: '1.2 x' },
    }),
    figure({
      name: `start of a film, page ${page} (floor: a Channel)`,
      unit: 'ms',
      ours: frames(film),
      floor: frames(live),
    }),
    figure({
      name: `start of a film, page ${page}: of which until connected`,
      unit: 'ms',
      ours: connected(film),
      floor: connected(live),
    }),
  ];
}
