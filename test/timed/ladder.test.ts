import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { createUdpRelay, type UdpRelay } from '../../bench/link/udp-relay.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { encodersOf, type OneLayerPublisher, publishOneLayer } from '../support/one-layer.ts';
import { freePort } from '../support/free-port.ts';
import { createChannel, startEmptyServer } from '../support/going-live.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { morePictures, untilStats } from '../support/watching.ts';

/** Bits a second: a fifth of what the source takes. */
const NARROW = 500_000;
/** An encoder goes on for thirty seconds; on a machine that is busy the Viewer may need it once more. */
const SETTLED_MS = 120_000;

let browser: Browser;
let server: ServerProcess;
let relay: UdpRelay;
let folder: string;
let publisher: OneLayerPublisher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-test-'));
  const port = await freePort();
  browser = await launchChromium();
  server = await startEmptyServer(folder, {
    ANNOUNCED_ADDRESS: '127.0.0.2',
    RTC_PORT: String(port),
  });
  relay = await createUdpRelay({
    listen: { ip: '127.0.0.2', port },
    upstream: { ip: '127.0.0.1', port },
  });
  const key = await createChannel(server.url, 'encoder', 'Encoder');
  publisher = await publishOneLayer(`${server.url}/whip/encoder`, key);
});

afterAll(async () => {
  await browser?.close();
  await publisher?.close();
  await relay?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a link that narrows, and a source with one layer', () => {
  test('the player starts with the original; a lower Layer comes when it is needed, and goes', async () => {
    const { page } = await openPage(browser, `${server.url}/watch/encoder`);
    await untilStats(page, ({ height }) => height === 720);
    // A link that was slow to show what it carries may have needed one at first.
    await untilStats(page, () => encodersOf(server.pid).length === 0, SETTLED_MS);

    relay.setShape('down', { rate: NARROW, queue: { ms: 200 } });
    const cut = performance.now();
    await untilStats(page, ({ height }) => (height ?? 720) < 720);
    console.info(`a lower Layer ${Math.round(performance.now() - cut)} ms after the cut`);
    // While the queue of the cut drains, sound may have to come first for a moment.
    await untilStats(page, ({ layerReason }) => layerReason === 'bandwidth');
    expect(encodersOf(server.pid)).toHaveLength(1);
    await morePictures(page, 60);

    relay.setShape('down', {});
    const healed = performance.now();
    await untilStats(page, ({ height }) => height === 720);
    console.info(
      `the original ${Math.round(performance.now() - healed)} ms after the link was wide`,
    );
    await untilStats(page, () => encodersOf(server.pid).length === 0, SETTLED_MS);
    await morePictures(page, 30);
    await page.close();
  });
});
