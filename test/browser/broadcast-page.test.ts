import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { broadcastHealthSchema } from '../../signaling/contract/index.ts';
import {
  FAKE_DEVICES,
  launchChromium,
  openPage,
  OWN_TAB,
  type TestPage,
} from '../support/chromium.ts';
import {
  ADMIN_TOKEN,
  createChannel,
  goLive,
  startEmptyServer,
  studioFacts,
  untilStudio,
} from '../support/going-live.ts';
import { until } from '../support/live-server.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { morePictures, statsOf, untilStats } from '../support/watching.ts';

let folder: string;
let server: ServerProcess;
let browser: Browser;
let streamKey: string;
let open: TestPage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-broadcast-page-'));
  [server, browser] = await Promise.all([
    startEmptyServer(folder),
    launchChromium('allowed', [...FAKE_DEVICES, ...OWN_TAB]),
  ]);
  streamKey = await createChannel(server.url, 'studio', 'The studio');
});

afterEach(async () => {
  for (const { page } of open) await page.close();
  open = [];
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function setUp(): Promise<Page> {
  const opened = await openPage(browser, `${server.url}/broadcast/studio#key=${streamKey}`);
  open.push(opened);
  return opened.page;
}

async function broadcast(): Promise<Page> {
  const opened = await goLive(browser, server.url, 'studio', streamKey);
  open.push(opened);
  return opened.page;
}

async function watch(): Promise<Page> {
  const opened = await openPage(browser, `${server.url}/watch/studio`);
  open.push(opened);
  await untilStats(opened.page, ({ framesPresented }) => framesPresented > 5);
  return opened.page;
}

async function findings(): Promise<string[]> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const response = await fetch(`${server.url}/api/v1/channels/studio/health`, { headers });
  const answer = z
    .object({ live: z.boolean(), health: broadcastHealthSchema.nullable() })
    .parse(await response.json());
  return (answer.health?.findings ?? []).map(({ code }) => code);
}

const complaints = () => open.flatMap((opened) => opened.complaints);

describe('the upload probe', () => {
  test('says what the connection carries, and what comes of it', async () => {
    const page = await setUp();
    await page.getByText(/Your connection can send .*: \w+ layers? up to \d+p\./).waitFor();
    await page.getByRole('button', { name: 'Measure again' }).click();
    await page.getByText(/Your connection can send/).waitFor();
    expect(complaints()).toEqual([]);
  });

  test('is no obstacle when it fails', async () => {
    const page = await browser.newPage();
    open.push({ page, complaints: [] });
    await page.route('**/upload-probe', (route) => route.abort());
    await page.goto(`${server.url}/broadcast/studio#key=${streamKey}`);
    await page.getByText('Your connection could not be measured').waitFor();
    await page.getByRole('button', { name: 'Go live' }).click();
    await untilStudio(page, ({ phase }) => phase === 'live');
  });

  test('ends within its time on a slow link, and says that fewer Layers fit', async () => {
    const page = await browser.newPage();
    open.push({ page, complaints: [] });
    const slow = await page.context().newCDPSession(page);
    await page.goto(`${server.url}/broadcast/studio`);
    await slow.send('Network.enable');
    await slow.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 20,
      downloadThroughput: -1,
      uploadThroughput: 1_000_000 / 8,
    });
    await page.getByLabel('Stream key').fill(streamKey);
    await page.getByRole('button', { name: 'Use this key' }).click();
    await page.getByText(/can send about .* (kb|Mb)it\/s: (one layer|two layers) up to/).waitFor();
    await page.getByRole('button', { name: 'Go live' }).click();
    await untilStudio(page, ({ phase, layers }) => phase === 'live' && layers.length === 3);
  });
});

describe('what is found', () => {
  test('silence: by the API, and not where the person has muted the sound', async () => {
    const page = await broadcast();
    await page.getByRole('button', { name: 'Mute the sound' }).click();
    await until(async () => (await findings()).includes('silence'));
    expect(await page.getByText('nothing to hear').count()).toBe(0);
    await page.getByRole('button', { name: 'Unmute the sound' }).click();
    await until(async () => !(await findings()).includes('silence'));
    // A browser's stream is as it should be, however far apart its key frames are.
    expect(await findings()).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  test('a black picture: by the page before anything is sent, and by the server', async () => {
    const page = await browser.newPage();
    open.push({ page, complaints: [] });
    await page.addInitScript(() => {
      const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wishes) => {
        if (!wishes?.video) return original(wishes);
        const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
        const context = canvas.getContext('2d');
        setInterval(() => context?.fillRect(0, 0, 640, 360), 33);
        return canvas.captureStream(30);
      };
    });
    await page.goto(`${server.url}/broadcast/studio#key=${streamKey}`);
    await page.getByText('Your picture is black').waitFor();
    await page.getByRole('button', { name: 'Go live' }).click();
    await page.getByRole('list', { name: 'What was noticed' }).waitFor();
    await until(async () => (await findings()).includes('black'));
  });
});

describe('devices that go', () => {
  test('an unplugged camera: another takes its place in the same broadcast', async () => {
    const page = await broadcast();
    const watching = await watch();
    // A test cannot pull a plug: the track ends as it does then.
    await page.evaluate(() => {
      const track = window.sfumatoStudio?.media.picture?.track;
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
    await page.waitForFunction(
      () => window.sfumatoStudio?.media.picture?.track.readyState === 'live',
    );
    await morePictures(watching, 20);
    expect((await studioFacts(page)).attempts).toBe(1);
    expect(await statsOf(watching)).toMatchObject({ condition: 'playing', joins: 1 });
    expect(complaints()).toEqual([]);
  });

  test('no other camera: the sound goes on, the reason is said, and a camera is noticed', async () => {
    const page = await broadcast();
    await watch();
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const list = mediaDevices.enumerateDevices.bind(mediaDevices);
      mediaDevices.enumerateDevices = async () =>
        (await list()).filter(({ kind }) => kind !== 'videoinput');
      window.addEventListener('plugin', () => {
        mediaDevices.enumerateDevices = list;
        mediaDevices.dispatchEvent(new Event('devicechange'));
      });
      const track = window.sfumatoStudio?.media.picture?.track;
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
    await page.getByText('No camera was found').waitFor();
    expect((await studioFacts(page)).phase).toBe('live');
    await page.evaluate(() => window.dispatchEvent(new Event('plugin')));
    await page.getByText('No camera was found').waitFor({ state: 'detached' });
    const watching = open[1]?.page;
    if (watching === undefined) throw new Error('nobody watches');
    await morePictures(watching, 20);
    expect(await studioFacts(page)).toMatchObject({ phase: 'live', attempts: 1 });
    expect(complaints()).toEqual([]);
  });

  test('the screen instead of the camera, and the camera when the sharing ends', async () => {
    const page = await broadcast();
    const watching = await watch();
    await page.getByRole('button', { name: 'Screen instead of the camera' }).click();
    await page.waitForFunction(() => window.sfumatoStudio?.media.picture?.source === 'screen');
    await morePictures(watching, 10);
    await page.evaluate(() => {
      const track = window.sfumatoStudio?.media.picture?.track;
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
    await page.waitForFunction(() => window.sfumatoStudio?.media.picture?.source === 'camera');
    await morePictures(watching, 20);
    expect((await studioFacts(page)).attempts).toBe(1);
    expect(await statsOf(watching)).toMatchObject({ condition: 'playing', joins: 1 });
    expect(complaints()).toEqual([]);
  });
});

describe('for other sites', () => {
  test('the embed code plays in a page of somebody else', async () => {
    const page = await broadcast();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy embed code' }).click();
    await page.getByRole('button', { name: 'Embed code copied' }).waitFor();
    const code = await page.evaluate(() => navigator.clipboard.readText());
    expect(code).toContain(`<iframe src="${server.url}/embed/studio"`);
    const site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>x</title>${code}`);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const address = site.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const opened = await openPage(browser, `http://127.0.0.1:${port}/`);
    open.push(opened);
    const frame = opened.page.frames()[1];
    if (frame === undefined) throw new Error('no frame');
    await frame.waitForFunction(() => (window.sfumato?.stats()?.framesPresented ?? 0) > 10);
    expect(complaints()).toEqual([]);
    site.close();
  });

  test('no other page of ours may be framed', async () => {
    const headers = async (path: string) => (await fetch(server.url + path)).headers;
    const policy = (one: Headers) =>
      one.get('Content-Security-Policy')?.match(/frame-ancestors [^;]*/)?.[0];
    for (const path of ['/', '/watch/studio', '/broadcast/studio', '/admin']) {
      const one = await headers(path);
      expect([policy(one), one.get('X-Frame-Options')]).toEqual(["frame-ancestors 'none'", 'DENY']);
    }
    const embed = await headers('/embed/studio');
    expect([policy(embed), embed.get('X-Frame-Options')]).toEqual(['frame-ancestors *', null]);
  });
});
