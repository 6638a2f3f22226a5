import type { Browser } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { firstFrameMs, NOTED, noteFirstFrame } from '../../test/support/first-frame.ts';
import { openOtherSite } from '../../test/support/other-site.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR } from '../support/media.ts';

const ROUNDS = 15;

/** From the beginning of its navigation to the first frame: in a frame on another site, against the watch page. */
export async function benchEmbedStart(rounds = ROUNDS): Promise<Figure[]> {
  const server = await ServerProcess.start({ settings: { DATA_DIR } });
  const site = await openOtherSite();
  const browser = await launchChromium();
  const around = site.page(
    `<iframe src="${server.url}/embed/demo" width="1280" height="720" allow="autoplay"></iframe>`,
  );
  const framed: number[] = [];
  const watched: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      framed.push(await measure(browser, around, '/embed/'));
      watched.push(await measure(browser, `${server.url}/watch/demo`, '/watch/'));
    }
  } finally {
    await browser.close();
    await site.close();
    await server.stop();
  }
  const target = { times: 1.2, says: '1.2 x the watch page' };
  const name = 'first frame in a frame, nothing cached (floor: the watch page)';
  return [figure({ name, unit: 'ms', ours: framed, floor: watched, target })];
}

/** In a browser that has nothing of it yet. @param path of the frame that plays */
async function measure(browser: Browser, url: string, path: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    await context.addInitScript(noteFirstFrame, NOTED);
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    return await firstFrameMs(() => page.frames().find((frame) => frame.url().includes(path)));
  } finally {
    await context.close();
  }
}
