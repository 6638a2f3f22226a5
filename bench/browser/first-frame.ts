import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR } from '../support/media.ts';
import { median } from '../support/statistics.ts';
import { bareRoundTrip, connectBare, type FirstFrame } from './bare-page.ts';
import { openOurs, playOurs } from './our-page.ts';
import { addBareSource, inFreshPage, playerModule } from './pages.ts';

const ROUNDS = 21;

/** Milliseconds for a page to come to rest, and for a warm player to make itself ready. */
const REST_MS = 700;

const SIZE = { width: 1280, height: 720 };

type BareFirstFrame = FirstFrame & { codec: string; roundTripMs: number };

/** (a) From `play()` to the first frame on the screen, against two peer connections in one page. */
export async function benchFirstFrame(): Promise<Figure[]> {
  const module = await playerModule();
  const server = await ServerProcess.start({ settings: { DATA_DIR } });
  const browser = await launchChromium();
  const cold: FirstFrame[] = [];
  const warm: FirstFrame[] = [];
  const bare: BareFirstFrame[] = [];
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

function figuresOf(cold: FirstFrame[], warm: FirstFrame[], bare: BareFirstFrame[]): Figure[] {
  const roundTripMs = median(bare.map((measured) => measured.roundTripMs));
  const target = { times: 1.5, plus: roundTripMs, says: '1.5 x + 1 round trip' };
  const firstFrames = (measured: FirstFrame[]) => measured.map(({ firstFrameMs }) => firstFrameMs);
  const connected = (measured: FirstFrame[]) => measured.map(({ connectedMs }) => connectedMs);
  return [
    { name: 'warm', ours: warm },
    { name: 'cold', ours: cold },
  ].flatMap(({ name, ours }) => [
    figure({
      name: `first frame (bare: ${bare[0]?.codec}), page ${name}`,
      unit: 'ms',
      ours: firstFrames(ours),
      floor: firstFrames(bare),
      target,
    }),
    figure({
      name: `first frame, page ${name}: of which until connected`,
      unit: 'ms',
      ours: connected(ours),
      floor: connected(bare),
    }),
  ]);
}

/** From `play()` to the first frame in a page that nobody has used. */
export async function measureOurs(
  browser: Browser,
  url: string,
  module: string,
  preload: 'none' | 'auto',
): Promise<FirstFrame> {
  return await inFreshPage(browser, url, async (page) => {
    await page.evaluate(openOurs, { module, src: 'demo', preload });
    await sleep(REST_MS);
    return await page.evaluate(playOurs);
  });
}

async function measureBare(browser: Browser, url: string): Promise<BareFirstFrame> {
  return await inFreshPage(browser, url, async (page) => {
    await addBareSource(page, SIZE);
    await sleep(REST_MS);
    const measured = await page.evaluate(connectBare);
    return { ...measured, roundTripMs: await page.evaluate(bareRoundTrip) };
  });
}
