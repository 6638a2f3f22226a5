import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR } from '../support/media.ts';
import type { FirstFrame } from './bare-page.ts';
import { measureOurs } from './first-frame.ts';
import { inFreshPage, playerModule } from './pages.ts';
import { type WhepTimes, watchByWhep } from './peer-page.ts';

const ROUNDS = 21;

/** Milliseconds for a page to come to rest, and for a warm player to make itself ready. */
const REST_MS = 700;

/** (f) From play to the first frame in a WHEP player, against our own player on the same Channel. */
export async function benchWhepJoin(rounds = ROUNDS): Promise<Figure[]> {
  const module = await playerModule();
  const server = await ServerProcess.start({ settings: { DATA_DIR } });
  const browser = await launchChromium();
  const whep: WhepTimes[] = [];
  const cold: FirstFrame[] = [];
  const warm: FirstFrame[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      cold.push(await measureOurs(browser, server.url, module, 'none'));
      whep.push(await measureWhep(browser, server.url));
      warm.push(await measureOurs(browser, server.url, module, 'auto'));
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return figuresOf(whep, cold, warm);
}

function figuresOf(whep: WhepTimes[], cold: FirstFrame[], warm: FirstFrame[]): Figure[] {
  const firstFrames = (all: FirstFrame[]) => all.map(({ firstFrameMs }) => firstFrameMs);
  const connected = (all: FirstFrame[]) => all.map(({ connectedMs }) => connectedMs);
  return [
    figure({
      name: 'WHEP: first frame (floor: our player, cold)',
      unit: 'ms',
      ours: firstFrames(whep),
      floor: firstFrames(cold),
    }),
    figure({
      name: 'WHEP: first frame (floor: our player, warm)',
      unit: 'ms',
      ours: firstFrames(whep),
      floor: firstFrames(warm),
    }),
    figure({
      name: 'WHEP: of which until connected (floor: our player, cold)',
      unit: 'ms',
      ours: connected(whep),
      floor: connected(cold),
    }),
    figure({
      name: 'WHEP: of which until the answer',
      unit: 'ms',
      ours: whep.map(({ answeredMs }) => answeredMs),
    }),
  ];
}

async function measureWhep(browser: Browser, url: string): Promise<WhepTimes> {
  return await inFreshPage(browser, url, async (page) => {
    await sleep(REST_MS);
    return await page.evaluate(watchByWhep, `${url}/whep/demo`);
  });
}
