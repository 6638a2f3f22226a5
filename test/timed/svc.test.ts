import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import {
  FAKE_DEVICES,
  launchChromium,
  openPage,
  OWN_TAB,
  type TestPage,
} from '../support/chromium.ts';
import {
  createChannel,
  startEmptyServer,
  studioFacts,
  untilStudio,
} from '../support/going-live.ts';
import { until } from '../support/live-server.ts';
import { publishFromPage, receivedInPage, watchFromPage } from '../support/rtc-pages.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { morePictures, statsOf, untilStats } from '../support/watching.ts';

const answerSchema = z.object({
  health: z.object({
    layers: z.array(z.object({ spatialLayer: z.number(), bitrate: z.number() })),
    findings: z.array(z.object({ code: z.string() })),
  }),
});

let folder: string;
let server: ServerProcess;
let browser: Browser;
let streamKey: string;
let open: TestPage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-svc-'));
  [server, browser] = await Promise.all([
    startEmptyServer(folder, { WORKERS: '2' }),
    launchChromium('allowed', [...FAKE_DEVICES, ...OWN_TAB]),
  ]);
  streamKey = await createChannel(server.url, 'layers', 'Layers in one stream');
});

afterEach(async () => {
  for (const { page } of open) await page.close();
  open = [];
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Goes live with VP9, chosen on the page. */
async function broadcast(): Promise<Page> {
  const opened = await openPage(browser, `${server.url}/broadcast/layers#key=${streamKey}`);
  open.push(opened);
  const { page } = opened;
  await page.getByText('Details').click();
  const encoding = page.getByRole('combobox', { name: 'Encoding' });
  await encoding.selectOption({ label: 'VP9 (one stream with three layers)' });
  await page.getByText('Encoded as VP9, all layers in one stream: as you chose.').waitFor();
  await page.getByRole('button', { name: 'Go live' }).click({ timeout: 90_000 });
  await untilStudio(page, ({ phase }) => phase === 'live');
  return page;
}

async function visit(path: string): Promise<Page> {
  const opened = await openPage(browser, `${server.url}${path}`);
  open.push(opened);
  return opened.page;
}

async function watch(): Promise<Page> {
  const page = await visit('/watch/layers');
  await untilStats(page, ({ framesPresented }) => framesPresented > 5);
  return page;
}

async function healthOnServer() {
  const response = await fetch(`${server.url}/api/v1/channels/layers/health`, {
    headers: { authorization: `Bearer ${streamKey}` },
  });
  return answerSchema.parse(await response.json()).health;
}

/** What the encoder has cost since the page began. */
async function encoderOf(studio: Page) {
  return await studio.evaluate(async () => {
    const entries = (await window.sfumatoStudio?.session.statistics()) ?? [];
    const video = entries.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
    const read = (field: string) => Number(video?.[field] ?? 0);
    return {
      mode: String(video?.['scalabilityMode']),
      seconds: read('totalEncodeTime'),
      frames: read('framesEncoded'),
      bytes: read('bytesSent'),
      atMs: read('timestamp'),
    };
  });
}

/** What a hundred further pictures cost: encoding, milliseconds each, and bits a second. */
async function costOf(studio: Page) {
  const before = await encoderOf(studio);
  let now = before;
  await until(async () => {
    now = await encoderOf(studio);
    return now.frames >= before.frames + 100;
  });
  return {
    mode: now.mode,
    encodeMs: ((now.seconds - before.seconds) * 1_000) / (now.frames - before.frames),
    bitrate: ((now.bytes - before.bytes) * 8_000) / (now.atMs - before.atMs),
  };
}

const complaints = () => open.flatMap((opened) => opened.complaints);

describe('VP9 with all Layers in one stream, from the broadcast page', () => {
  test('three Layers arrive, and the Viewer decodes the largest', async () => {
    const studio = await broadcast();
    const watching = await watch();
    const facts = await untilStudio(
      studio,
      ({ received, layers }) =>
        received.length === 3 &&
        received.every(({ bitrate }) => bitrate > 10_000) &&
        layers.length === 3 &&
        layers.every(({ sending, height }) => sending && height !== null),
    );
    expect(facts.codec).toBe('VP9');
    expect(facts.layers.map(({ height }) => height)).toEqual([180, 360, 720]);
    await untilStats(watching, ({ height }) => height === 720);
    await morePictures(watching, 60);
    const stats = await statsOf(watching);
    expect(stats).toMatchObject({ condition: 'playing', videoCodec: 'VP9', audioCodec: 'opus' });
    expect(stats.framesDecoded).toBeGreaterThan(60);
    await until(async () => {
      const sizes = await watching.evaluate(() => window.sfumato?.media?.channel?.layers ?? []);
      return sizes.map(({ height }) => height).join() === '180,360,720';
    });
    const { layers, findings } = await healthOnServer();
    expect(layers.map(({ spatialLayer }) => spatialLayer)).toEqual([0, 1, 2]);
    expect(findings.map(({ code }) => code)).not.toContain('singleLayer');
    expect(complaints()).toEqual([]);
  });

  test('a lower Layer is a lower one, what nobody watches is not encoded, and it comes back', async () => {
    const studio = await broadcast();
    const watching = await watch();
    await untilStats(watching, ({ height }) => height === 720);
    const all = await costOf(studio);
    await watching.evaluate(() => window.sfumato?.preferLayer(0));
    await untilStats(watching, ({ height }) => height === 180);
    await untilStudio(
      studio,
      ({ wantedLayer, layers, received }) =>
        wantedLayer === 0 &&
        layers.slice(1).every(({ sending }) => !sending) &&
        received.length === 3 &&
        received.slice(1).every(({ bitrate }) => bitrate === 0),
    );
    const lowest = await costOf(studio);
    await morePictures(watching, 20);
    expect((await statsOf(watching)).height).toBe(180);
    console.log(`all: ${JSON.stringify(all)}, the lowest: ${JSON.stringify(lowest)}`);
    expect(lowest.bitrate).toBeLessThan(300_000);
    expect(lowest.bitrate).toBeLessThan(all.bitrate / 3);
    expect(lowest.encodeMs).toBeLessThan(all.encodeMs / 2);

    await watching.evaluate(() => window.sfumato?.preferLayer(1));
    await untilStats(watching, ({ height }) => height === 360);
    await watching.evaluate(() => window.sfumato?.preferLayer('auto'));
    await untilStats(watching, ({ height }) => height === 720);
    await morePictures(watching, 20);
    const facts = await untilStudio(studio, ({ received }) =>
      received.every(({ bitrate }) => bitrate > 10_000),
    );
    expect(facts.attempts).toBe(1);
    expect((await statsOf(watching)).joins).toBe(1);
    expect(complaints()).toEqual([]);
  });

  test('two Viewers get a Layer each, and a WHEP player gets VP9 too', async () => {
    const studio = await broadcast();
    const [large, small, foreign] = [await watch(), await watch(), await visit('/')];
    await small.evaluate(() => window.sfumato?.preferLayer(0));
    const { status } = await watchFromPage(foreign, `${server.url}/whep/layers`);
    expect(status).toBe(201);
    await untilStats(small, ({ height }) => height === 180);
    await untilStats(large, ({ height }) => height === 720);
    await until(async () => (await receivedInPage(foreign)).framesDecoded > 30);
    await Promise.all([morePictures(small, 30), morePictures(large, 30)]);
    const { viewers } = await untilStudio(studio, (facts) => facts.viewers === 3);
    expect(viewers).toBe(3);
    expect((await statsOf(small)).height).toBe(180);
    expect(complaints()).toEqual([]);
  });

  test('another picture size has other Layers, and the Viewers follow', async () => {
    const studio = await broadcast();
    const watching = await watch();
    await studio.getByText('Change devices').click();
    await studio.getByRole('combobox', { name: 'Picture size' }).selectOption('360');
    const { layers } = await untilStudio(studio, (facts) => facts.layers.length === 2);
    expect(layers.map(({ height }) => height)).toEqual([180, 360]);
    await untilStats(watching, ({ height }) => height === 360);
    await morePictures(watching, 20);
    expect((await studioFacts(studio)).attempts).toBe(1);
    expect((await statsOf(watching)).joins).toBe(1);
    expect(complaints()).toEqual([]);
  });

  test('a screen is sent in another codec, and the camera in VP9 again', async () => {
    const studio = await broadcast();
    const watching = await watch();
    await studio.getByRole('button', { name: 'Screen instead of the camera' }).click();
    await studio.waitForFunction(() => window.sfumatoStudio?.media.picture?.source === 'screen');
    await untilStats(watching, ({ videoCodec }) => videoCodec === 'VP8');
    await morePictures(watching, 10);
    await studio.getByText('VP9 in layers is for cameras').waitFor();
    await studio.evaluate(() => {
      const track = window.sfumatoStudio?.media.picture?.track;
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
    await untilStats(watching, ({ videoCodec }) => videoCodec === 'VP9');
    await untilStats(watching, ({ height }) => height === 720);
    await morePictures(watching, 20);
    expect((await studioFacts(studio)).attempts).toBe(1);
    expect((await statsOf(watching)).joins).toBe(1);
    expect(complaints()).toEqual([]);
  });

  test('a worker that dies: it comes back, in VP9', async () => {
    const studio = await broadcast();
    const watching = await watch();
    for (const pid of server.workerPids()) process.kill(pid, 'SIGKILL');
    await untilStudio(studio, ({ phase, attempts }) => phase === 'live' && attempts > 1);
    await untilStats(watching, ({ condition, joins }) => condition === 'playing' && joins > 1);
    await morePictures(watching, 20);
    expect((await studioFacts(studio)).codec).toBe('VP9');
    expect((await statsOf(watching)).videoCodec).toBe('VP9');
    expect(complaints()).toEqual([]);
  });
});

test('an encoder that sends VP9 only is taken by WHIP, as one Layer', async () => {
  const encoder = await visit('/');
  await publishFromPage(encoder, {
    url: `${server.url}/whip/layers`,
    key: streamKey,
    simulcast: false,
    mimeType: 'video/vp9',
  });
  const watching = await watch();
  await untilStats(watching, ({ height }) => height === 360);
  await morePictures(watching, 20);
  expect((await statsOf(watching)).videoCodec).toBe('VP9');
  await until(async () => {
    const { layers, findings } = await healthOnServer();
    return layers.length === 1 && findings.some(({ code }) => code === 'singleLayer');
  });
});
