import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR, makeClip, prepare } from '../support/media.ts';
import { interleave } from '../support/statistics.ts';
import { connectBare, switchBare } from './bare-page.ts';
import { openOurs, playOurs, zapOurs } from './our-page.ts';
import { addBareSource, inFreshPage, playerModule } from './pages.ts';

const ROUNDS = 3;
const ZAPS = 6;

/** Milliseconds of watching between two zaps, and uneven so that key frames are met at any distance. */
const WATCH_MS = 1_310;

/** Two Channels told apart by the shape of their pictures, whatever the Layer. */
const CHANNELS = [
  { name: 'wide', width: 1280, height: 720 },
  { name: 'square', width: 720, height: 720 },
];

/** (c) From the change of `src` to the first frame of the other Channel, against a change of track. */
export async function benchZap(): Promise<Figure[]> {
  const files = await Promise.all(
    CHANNELS.map(({ name, width, height }) =>
      makeClip(`${name}.mp4`, { length: 20, size: { width, height } }),
    ),
  );
  // One after the other, and before the server: it finds them ready then.
  for (const file of files) await prepare(file);
  const module = await playerModule();
  const server = await ServerProcess.start({ files, settings: { DATA_DIR } });
  await untilAllOnAir(server.url);
  const browser = await launchChromium();
  try {
    const { a, b } = await interleave(
      ROUNDS,
      () => inFreshPage(browser, server.url, (page) => measureOurs(page, module)),
      () => inFreshPage(browser, server.url, measureBare),
    );
    return [figure({ name: 'zap', unit: 'ms', ours: a.flat(), floor: b.flat() })];
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function untilAllOnAir(url: string): Promise<void> {
  for (;;) {
    const text = await (await fetch(`${url}/api/v1/channels`)).text();
    if (text.split('"live":true').length > CHANNELS.length) return;
    await sleep(100);
  }
}

async function measureOurs(page: Page, module: string): Promise<number[]> {
  await page.evaluate(openOurs, { module, src: channelAt(0), preload: 'auto' as const });
  await page.evaluate(playOurs);
  return await measureEach((index) => page.evaluate(zapOurs, channelAt(index)));
}

async function measureBare(page: Page): Promise<number[]> {
  for (const size of CHANNELS) await addBareSource(page, size);
  await page.evaluate(connectBare);
  return await measureEach((index) => page.evaluate(switchBare, index));
}

/** There and back, several times. */
async function measureEach(zapTo: (index: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let zap = 1; zap <= ZAPS; zap += 1) {
    await sleep(WATCH_MS);
    times.push(await zapTo(zap % CHANNELS.length));
  }
  return times;
}

const channelAt = (index: number): string => CHANNELS[index]?.name ?? '';
