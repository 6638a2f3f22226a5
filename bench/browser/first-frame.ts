import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR } from '../support/media.ts';
import { median } from '../support/statistics.ts';
import { bareRoundTrip, connectBare } from './bare-page.ts';
import { openOurs, playOurs } from './our-page.ts';
import { addBareSource, inFreshPage, playerModule } from './pages.ts';

const ROUNDS = 3;

/** Milliseconds for a page to come to rest, and for a warm player to make itself ready. */
const REST_MS = 700;

const SIZE = { width: 1280, height: 720 };

/** (a) From `play()` to the first frame on the screen, against two peer connections in one page. */
export async function benchFirstFrame(): Promise<Figure[]> {
  const module = await playerModule();
  const server = await ServerProcess.start({ settings: { DATA_DIR } });
  const browser = await launchChromium();
  const cold: number[] = [];
  const warm: number[] = [];
  const bare: Awaited<ReturnType<typeof measureBare>>[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      cold.push(await measureOurs(browser, server.url, module, 'none'));
      bare.push(await measureBare(browser, server.url));
      warm.push(await measureOurs(browser, server.url, module, 'auto'));
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return figuresOf(cold, warm, bare);
}

function figuresOf(
  cold: number[],
  warm: number[],
  bare: { firstFrameMs: number; codec: string; roundTripMs: number }[],
): Figure[] {
  const floor = bare.map(({ firstFrameMs }) => firstFrameMs);
  const roundTripMs = median(bare.map((measured) => measured.roundTripMs));
  const target = { times: 1.5, plus: roundTripMs, says: '1.5 x + 1 round trip' };
  const name = `first frame (bare: ${bare[0]?.codec})`;
  return [
    figure({ name: `${name}, page warm`, unit: 'ms', ours: warm, floor, target }),
    figure({ name: `${name}, page cold`, unit: 'ms', ours: cold, floor, target }),
  ];
}

async function measureOurs(
  browser: Browser,
  url: string,
  module: string,
  preload: 'none' | 'auto',
): Promise<number> {
  return await inFreshPage(browser, url, async (page) => {
    await page.evaluate(openOurs, { module, src: 'demo', preload });
    await sleep(REST_MS);
    return await page.evaluate(playOurs);
  });
}

async function measureBare(browser: Browser, url: string) {
  return await inFreshPage(browser, url, async (page) => {
    await addBareSource(page, SIZE);
    await sleep(REST_MS);
    const measured = await page.evaluate(connectBare);
    return { ...measured, roundTripMs: await page.evaluate(bareRoundTrip) };
  });
}
