import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { HIDDEN_AFTER_MS } from '../../server/sfu/device-layer.ts';
import { BrowserTab } from '../support/browser-tab.ts';
import { launchChromium } from '../support/chromium.ts';
import { createChannel, startEmptyServer } from '../support/going-live.ts';
import { until } from '../support/live-server.ts';
import { publishOneLayer } from '../support/one-layer.ts';
import { ServerProcess } from '../support/server-process.ts';
import { isTop, type PlayerStats, tabStats, untilStats, watchDemo } from '../support/watching.ts';

/** A browser to which decoding is smooth only if it takes less than a fiftieth of the time between two pictures. */
const HARD_TO_PLEASE =
  '--enable-features=WebrtcMediaCapabilitiesParameters:smoothness_threshold_decode/0.02';
/** So many of one size it wants to have decoded first: 600, and some may be of another at the start. */
const MEASURED_PICTURES = 700;

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

const isLowestBySize = ({ layer, layerReason }: Pick<PlayerStats, 'layer' | 'layerReason'>) =>
  layer === 0 && layerReason === 'size';

describe('where the picture is shown', () => {
  test('full screen: as large as the screen, and small again after it', async () => {
    const watching = await watchDemo(browser, server.url);
    page = watching;
    await watching.evaluate(() => window.sfumato?.style.setProperty('width', '320px'));
    await untilStats(watching, isLowestBySize);
    await watching.keyboard.press('f');
    await untilStats(watching, isTop);
    expect(await watching.evaluate(() => document.fullscreenElement?.localName)).toBe(
      'sfumato-player',
    );
    await watching.keyboard.press('f');
    await untilStats(watching, isLowestBySize);
  });

  test('picture in picture: as large as its window, and seen whatever hides its page', async () => {
    const opened = await BrowserTab.open(browser, `${server.url}/watch/demo`);
    tab = opened;
    const look = () => tabStats(opened);
    await until(async () => (await look())?.layer === 1);
    await opened.press('i');
    await until(async () => (await look())?.layer === 0);
    await opened.hide();
    expect(await opened.evaluate('document.visibilityState')).toBe('hidden');
    // Longer than anybody who cannot be seen keeps the picture.
    await sleep(HIDDEN_AFTER_MS + 2_000);
    const before = await look();
    expect(before).toMatchObject({ layer: 0, layerReason: 'size', condition: 'playing' });
    const decoded = before?.framesDecoded ?? 0;
    await until(async () => ((await look())?.framesDecoded ?? 0) > decoded + 30);
    await opened.evaluate('document.exitPictureInPicture()');
    await until(async () => (await look())?.layerReason === 'hidden');
    await opened.show();
    await until(async () => (await look())?.layer === 1);
    expect((await look())?.joins).toBe(1);
  });
});

describe('what the browser says that it can decode', () => {
  // Chromium measures how long pictures take to decode, up to 720p and above it apart, and says from the end of that
  // connection on whether it was smooth: only of a source of more than 720p can it say that a lower Layer is better.
  test('a Layer that was not smooth is not sent the next time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sfumato-decoder-'));
    const strict = await launchChromium('allowed', [HARD_TO_PLEASE]);
    const encoders = await startEmptyServer(folder);
    const key = await createChannel(encoders.url, 'large', 'Large');
    const publisher = await publishOneLayer(`${encoders.url}/whip/large`, key, {
      size: '1920x1080',
    });
    try {
      const context = await strict.newContext({ viewport: { width: 2000, height: 1200 } });
      const after = await context.newPage();
      await after.goto(encoders.url);
      for (let tries = 0; tries < 5 && (await after.evaluate(isSmooth)); tries += 1) {
        await watchLarge(context, encoders.url);
      }
      await after.goto(`${encoders.url}/watch/large`);
      const stats = await untilStats(
        after,
        ({ height, layerReason }) => height === 540 && layerReason === 'decoder',
      );
      expect(stats.layerSentence).toContain('what this device can decode smoothly');
    } finally {
      await strict.close();
      await publisher.close();
      await encoders.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 600_000);
});

/** A Layer that comes and goes in between, on a busy machine, makes the browser's measuring begin anew. */
async function watchLarge(context: BrowserContext, url: string): Promise<void> {
  const watching = await context.newPage();
  await watching.goto(`${url}/watch/large`);
  const { framesDecoded } = await untilStats(watching, ({ height }) => height === 1080);
  await untilStats(watching, (stats) => stats.framesDecoded > framesDecoded + MEASURED_PICTURES);
  await watching.close();
  // It notes that after the end.
  await sleep(1_000);
}

/** Runs in the page. What the browser says of 1080p. */
async function isSmooth(): Promise<boolean> {
  const { smooth } = await navigator.mediaCapabilities.decodingInfo({
    type: 'webrtc',
    video: {
      contentType: 'video/H264;packetization-mode=1;profile-level-id=42e01f',
      width: 1920,
      height: 1080,
      bitrate: 2_000_000,
      framerate: 30,
    },
  });
  return smooth;
}
