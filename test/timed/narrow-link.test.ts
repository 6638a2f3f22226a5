import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createUdpRelay, type UdpRelay } from '../../bench/link/udp-relay.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { onThisMachine } from '../support/patience.ts';
import { ServerProcess } from '../support/server-process.ts';
import { morePictures, untilStats } from '../support/watching.ts';

/** Bits a second. The demo's Layers take about 250, 350 and 800 thousand with sound and overhead. */
const NARROW = 500_000;

let browser: Browser;
let server: ServerProcess;
let relay: UdpRelay;

/** The browser is told an address at which there is only the relay: a bottleneck that we turn. */
beforeAll(async () => {
  const port = await freePort();
  browser = await launchChromium();
  server = await ServerProcess.start({
    settings: { ANNOUNCED_ADDRESS: '127.0.0.2', RTC_PORT: String(port) },
  });
  relay = await createUdpRelay({
    listen: { ip: '127.0.0.2', port },
    upstream: { ip: '127.0.0.1', port },
  });
});

afterAll(async () => {
  await browser?.close();
  await relay?.close();
  await server?.stop();
});

afterEach(() => {
  relay.setShape('down', {});
});

describe('a link that narrows', () => {
  test('takes the picture to a lower Layer by itself, and back when it is wide again', async () => {
    const { page } = await openPage(browser, `${server.url}/watch/demo`);
    await untilStats(page, ({ layer, height }) => layer === 2 && height === 720);
    expect(relay.counters().clients).toBe(1);

    relay.setShape('down', { rate: NARROW, queue: { ms: 200 } });
    await untilStats(
      page,
      ({ layer, height, layerReason }) =>
        layer !== null && layer < 2 && height !== 720 && layerReason === 'bandwidth',
    );
    await morePictures(page, 60);

    relay.setShape('down', {});
    await untilStats(page, ({ layer, height }) => layer === 2 && height === 720);
    await page.close();
  });

  test('is cut for a while: the picture comes back by itself', async () => {
    const { page } = await openPage(browser, `${server.url}/watch/demo`);
    await untilStats(page, ({ framesPresented }) => framesPresented > 30);
    relay.setShape('down', { loss: 1 });
    relay.setShape('up', { loss: 1 });
    await untilStats(page, ({ condition }) => condition !== 'playing');
    relay.setShape('down', {});
    relay.setShape('up', {});
    const healed = performance.now();
    await untilStats(page, ({ condition }) => condition === 'playing');
    await morePictures(page, 10);
    expect(performance.now() - healed).toBeLessThan(onThisMachine(10_000));
    await page.close();
  });
});
