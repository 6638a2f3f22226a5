import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { BrowserTab } from '../support/browser-tab.ts';
import { launchChromium } from '../support/chromium.ts';
import { until } from '../support/live-server.ts';
import { onThisMachine, PATIENCE_MS } from '../support/patience.ts';
import { ServerProcess } from '../support/server-process.ts';
import { slowDecoders } from '../support/slow-decoder.ts';
import {
  isTop,
  morePictures,
  openDemo,
  type PlayerStats,
  SMALL,
  statsOf,
  tabStats,
  untilStats,
  watchDemo,
  WIDE,
} from '../support/watching.ts';

let browser: Browser;
let server: ServerProcess;
let page: Page | undefined;
let tab: BrowserTab | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  server = await ServerProcess.start();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await page?.context().close();
  await tab?.close();
  page = undefined;
  tab = undefined;
});

async function watch(options: BrowserContextOptions = {}): Promise<Page> {
  page = await watchDemo(browser, server.url, options);
  return page;
}

const rests = ({ layer, layerReason }: Pick<PlayerStats, 'layer' | 'layerReason'>) =>
  layer === null && layerReason === 'hidden';

/** Bits a second that arrive, the mean of several looks. */
async function bitrateOf(look: () => Promise<Pick<PlayerStats, 'bitrate'>>): Promise<number> {
  const seen: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    await sleep(500);
    seen.push((await look()).bitrate ?? 0);
  }
  return seen.reduce((sum, one) => sum + one, 0) / seen.length;
}

describe('what can be seen', () => {
  test('the size on the screen: small players take little, and a resized one gets more', async () => {
    const watching = await watch({ viewport: SMALL });
    const small = await untilStats(watching, ({ layer }) => layer === 0);
    await untilStats(watching, ({ layerReason }) => layerReason === 'size');
    expect(small.layers).toBe(3);
    const smallBitrate = await bitrateOf(() => statsOf(watching));
    await watching.setViewportSize(WIDE);
    await untilStats(watching, isTop);
    await untilStats(watching, ({ layerReason }) => layerReason === 'best');
    const wideBitrate = await bitrateOf(() => statsOf(watching));
    console.log(`320 pixels: ${Math.round(smallBitrate)} bit/s, wide: ${Math.round(wideBitrate)}`);
    const lowest = await watching.evaluate(
      () => window.sfumato?.media?.channel?.layers[0]?.bitrate,
    );
    // Layers are given by their bit rate of picture alone, which is an average; the sound comes on top.
    expect(smallBitrate).toBeLessThan((lowest ?? 0) * 1.5 + 128_000);
    expect(smallBitrate).toBeLessThan(wideBitrate * 0.6);
    await watching.setViewportSize(SMALL);
    await untilStats(watching, ({ height }) => height === 180);
  }, 400_000);

  test('two players on one page, each by its own size', async () => {
    const watching = await watch();
    await watching.evaluate(() => {
      const second = document.createElement('sfumato-player');
      second.style.cssText = 'position: fixed; left: 0; top: 0; width: 320px';
      Object.assign(second, { src: '/watch/demo', autoplay: true, muted: true, id: 'second' });
      document.body.append(second);
    });
    const secondStats = () =>
      watching.evaluate(
        () => document.querySelector<typeof window.sfumato & Element>('#second')?.stats() ?? null,
      );
    await until(async () => {
      const stats = await secondStats();
      return stats?.layer === 0 && stats.layerReason === 'size';
    });
    await untilStats(watching, isTop);
  });

  test('the pixel ratio: twice as many pixels want a higher Layer', async () => {
    const watching = await watch({ viewport: SMALL, deviceScaleFactor: 2 });
    await untilStats(watching, ({ layer, layerReason }) => layer === 1 && layerReason === 'size');
    const devtools = await watching.context().newCDPSession(watching);
    await devtools.send('Emulation.setDeviceMetricsOverride', {
      ...SMALL,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await untilStats(watching, ({ height }) => height === 180);
  });

  test('scrolled away: no picture, the sound goes on, and back at once', async () => {
    const watching = await watch();
    await untilStats(watching, isTop);
    const before = await bitrateOf(() => statsOf(watching));
    await watching.evaluate(() => {
      document.body.style.minHeight = '5000px';
      scrollTo({ top: 4000, behavior: 'instant' });
    });
    const hidden = await untilStats(watching, rests);
    expect(hidden.condition).toBe('playing');
    await untilStats(watching, ({ videoBitrate }) => videoBitrate === 0);
    const sound = await statsOf(watching);
    expect(sound.audioBitrate).toBeGreaterThan(5_000);
    expect(sound.bitrate).toBeLessThan(before);
    await watching.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    const backMs = await morePictures(watching, 2);
    console.log(`shown again: ${Math.round(backMs)} ms`);
    expect(backMs).toBeLessThan(onThisMachine(3_000));
    expect((await statsOf(watching)).joins).toBe(1);
  });

  test('a hidden tab: under a tenth of the bytes, and no rejoin for the silence', async () => {
    const opened = await BrowserTab.open(browser, `${server.url}/watch/demo`);
    tab = opened;
    await until(async () => Boolean((await tabStats(opened))?.layer));
    const look = async () => {
      const stats = await tabStats(opened);
      if (stats === null) throw new Error('the page has no player');
      return stats;
    };
    const shownBitrate = await bitrateOf(look);
    await opened.evaluate('window.sfumato.media.muted = true');
    await opened.hide();
    expect(await opened.evaluate('document.visibilityState')).toBe('hidden');
    await until(async () => rests(await look()));
    // Longer than the silence after which a stream that should come is given up.
    await sleep(2_000);
    const hiddenBitrate = await bitrateOf(look);
    console.log(`shown: ${Math.round(shownBitrate)} bit/s, hidden: ${Math.round(hiddenBitrate)}`);
    expect(hiddenBitrate).toBeLessThan(shownBitrate / 10);
    expect(await look()).toMatchObject({ condition: 'playing', joins: 1 });
    const { framesDecoded } = await look();
    await opened.show();
    const shown = performance.now();
    await until(async () => (await look()).framesDecoded > framesDecoded);
    console.log(`tab shown again: ${Math.round(performance.now() - shown)} ms`);
    expect(performance.now() - shown).toBeLessThan(onThisMachine(4_000));
    expect((await look()).joins).toBe(1);
  });
});

describe('what the device manages', () => {
  test('a decoder that gets no time loses the Layer that is too much for it', async () => {
    const watching = await watch();
    await untilStats(watching, isTop);
    const relieve = await slowDecoders(browser);
    try {
      const stats = await untilStats(
        watching,
        ({ layer, layerReason }) => layer !== null && layer < 2 && layerReason === 'slowDevice',
      );
      expect(stats.layerSentence).toContain('what this device keeps up with');
    } finally {
      await relieve();
    }
    // It is tried again after a while, and now it is none too many.
    await untilStats(watching, isTop, 2 * PATIENCE_MS);
  }, 400_000);
});

describe('what is wished', () => {
  test('a browser that saves data gets the middle', async () => {
    const context = await browser.newContext({ viewport: WIDE });
    page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setDataSaverOverride', { dataSaverEnabled: true });
    await openDemo(page, server.url);
    const stats = await untilStats(
      page,
      ({ layer, layerReason }) => layer === 1 && layerReason === 'dataSaver',
    );
    expect(stats.layerSentence).toContain('saving data');
  });

  test('the menu, by keyboard: a height, the sound only, and Auto', async () => {
    const watching = await watch();
    await untilStats(watching, isTop);
    await choose(watching, '360p');
    await untilStats(watching, ({ layer, layerReason }) => layer === 1 && layerReason === 'chosen');
    await choose(watching, 'Sound only');
    await untilStats(watching, ({ condition }) => condition === 'soundChosen');
    await watching.getByText('Sound only, as you chose.').waitFor();
    const sound = await untilStats(watching, ({ videoBitrate }) => videoBitrate === 0);
    expect(sound).toMatchObject({ layer: null, layerReason: 'audioOnly', joins: 1 });
    await untilStats(watching, ({ audioBitrate }) => (audioBitrate ?? 0) > 5_000);
    await choose(watching, /^Auto/);
    await untilStats(watching, ({ condition }) => condition === 'playing');
    await morePictures(watching, 5);
    await untilStats(watching, isTop);
    expect((await statsOf(watching)).joins).toBe(1);
  });

  test('sound only outlives a lost connection, and is heard after it', async () => {
    const watching = await watch();
    await watching.evaluate(() => window.sfumato?.preferLayer('audioOnly'));
    await untilStats(watching, ({ condition }) => condition === 'soundChosen');
    const [worker] = server.workerPids();
    if (worker === undefined) throw new Error('no worker was found');
    process.kill(worker, 'SIGKILL');
    await untilStats(
      watching,
      ({ joins, condition, audioBitrate }) =>
        joins > 1 && condition === 'soundChosen' && (audioBitrate ?? 0) > 5_000,
    );
    // A `<video>` whose time goes on plays what it has: the sound.
    const time = () => watching.evaluate(() => window.sfumato?.media?.nativeEl.currentTime ?? 0);
    const before = await time();
    await until(async () => (await time()) > before + 1);
    await watching.evaluate(() => window.sfumato?.preferLayer('auto'));
    await morePictures(watching, 10);
    await untilStats(watching, ({ condition }) => condition === 'playing');
  });
});

/** Opens the quality menu and takes an item, by the keys that a person without a mouse has. */
async function choose(watching: Page, name: string | RegExp): Promise<void> {
  await watching.locator('media-rendition-menu-button').focus();
  await watching.keyboard.press('Enter');
  const items = watching.getByRole('menuitemradio');
  const focused = items.and(watching.locator(':focus'));
  for (let item = 0; item < (await items.count()); item += 1) {
    if ((await focused.filter({ hasText: name }).count()) === 1) break;
    await watching.keyboard.press('ArrowDown');
  }
  expect(await focused.textContent()).toMatch(name);
  await watching.keyboard.press('Enter');
  await items.first().waitFor({ state: 'hidden' });
}
