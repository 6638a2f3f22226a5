import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, WebSocketRoute } from 'playwright-core';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { onThisMachine } from '../support/patience.ts';
import { ServerProcess } from '../support/server-process.ts';
import {
  type CodeReading,
  morePictures,
  readCodes,
  statsOf,
  untilStats,
} from '../support/watching.ts';

let server: ServerProcess;
let browser: Browser;
let open: TestPage | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  server = await ServerProcess.start();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await open?.page.close();
  open = undefined;
});

/** Opens the demo and waits for moving pictures. */
async function watchDemo() {
  open = await openPage(browser, `${server.url}/watch/demo`);
  await untilStats(open.page, ({ framesPresented }) => framesPresented > 5);
  return open.page;
}

/** The server has no connection to a Viewer left. */
async function untilNobodyIsSentAnything() {
  for (;;) {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    if (/^sfumato_viewer_transports 0$/m.test(metrics)) return;
  }
}

/** The numbers in a row, the clip's jump to its beginning left out. */
function steps(readings: readonly CodeReading[]): number[] {
  const values = readings.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.slice(1).flatMap((value, index) => {
    const step = value - (values[index] ?? 0);
    return step < -1_000 ? [] : [step];
  });
}

function longestGapMs(readings: readonly CodeReading[]): number {
  const times = readings.map(({ presentedMs }) => presentedMs);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

/**
 * From a frame's time to its presentation, milliseconds. The demo keeps step with the wall clock, so its
 * frame number is a time of the minute, and the picture tells its age without any figure of the player's.
 */
function delaysMs(readings: readonly CodeReading[]): number[] {
  return readings.flatMap(({ value, presentedMs }) => {
    if (value === null) return [];
    const age = (presentedMs - (value * 1000) / 30) % 60_000;
    return [age > 30_000 ? age - 60_000 : age];
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

describe('watching', () => {
  test('a minute: pictures in order, no frozen second, with sound, and the figures tell of them', async () => {
    const page = await watchDemo();
    const readings = await readCodes(page, 60_000);
    expect(readings.length).toBeGreaterThan(600);
    expect(readings.filter(({ value }) => value !== null).length).toBeGreaterThan(
      readings.length * 0.95,
    );
    expect(steps(readings).every((step) => step >= 0)).toBe(true);
    expect(longestGapMs(readings)).toBeLessThan(onThisMachine(1_000));
    const delays = delaysMs(readings);
    // What is drawn may be one frame newer than the one that was announced.
    expect(Math.min(...delays)).toBeGreaterThan(-1_000 / 30);
    expect(median(delays)).toBeLessThan(onThisMachine(500));
    const stats = await untilStats(
      page,
      ({ latencyMs, bitrate }) => latencyMs !== null && bitrate !== null,
    );
    expect(stats).toMatchObject({ condition: 'playing', live: true, layers: 3, joins: 1 });
    expect(stats).toMatchObject({ videoCodec: 'H264', audioCodec: 'opus', protocol: 'udp' });
    expect(stats.latencyMs).toBeLessThan(onThisMachine(1_000));
    expect(stats.audioBitrate).toBeGreaterThan(10_000);
    expect(stats.timeToFirstFrameMs).toBeGreaterThan(0);
    expect(open?.complaints).toEqual([]);
  });

  test('the sound is in stereo', async () => {
    const page = await watchDemo();
    const channels = await page.evaluate(async () => {
      const stream = window.sfumato?.media?.nativeEl.srcObject;
      if (!(stream instanceof MediaStream)) return [];
      const context = new AudioContext();
      const splitter = context.createChannelSplitter(2);
      context.createMediaStreamSource(stream).connect(splitter);
      const meters = [0, 1].map((output) => {
        const meter = context.createAnalyser();
        splitter.connect(meter, output);
        return meter;
      });
      await context.resume();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return meters.map((meter) => {
        const samples = new Float32Array(meter.fftSize);
        meter.getFloatTimeDomainData(samples);
        return [...samples];
      });
    });
    const [left = [], right = []] = channels;
    const loudest = (samples: number[]) => Math.max(...samples.map(Math.abs));
    expect(loudest(left)).toBeGreaterThan(0.01);
    expect(loudest(right)).toBeGreaterThan(0.01);
    // The demo's two channels are not the same.
    expect(loudest(left.map((sample, index) => sample - (right[index] ?? 0)))).toBeGreaterThan(
      0.005,
    );
  });

  test('the quality menu switches the Layer, and Auto gives it back', async () => {
    const page = await watchDemo();
    await untilStats(page, ({ layer }) => layer === 2);
    await page.mouse.move(600, 300);
    await page.locator('media-rendition-menu-button').click();
    await page.getByRole('menuitemradio', { name: '180p' }).click();
    const asked = performance.now();
    const low = await untilStats(
      page,
      ({ layer, height, layerReason }) => layer === 0 && height === 180 && layerReason === 'chosen',
    );
    expect(performance.now() - asked).toBeLessThan(onThisMachine(4_000));
    expect(low).toMatchObject({ preferredLayer: 0, layerReason: 'chosen' });
    await page.mouse.move(610, 310);
    await page.locator('media-rendition-menu-button').click();
    await page.getByRole('menuitemradio', { name: /^Auto/ }).click();
    const auto = await untilStats(page, ({ height }) => height === 720);
    expect(auto.preferredLayer).toBe('auto');
  });

  test('pause stops the packets after a while, play comes back to the live edge', async () => {
    const page = await watchDemo();
    await page.keyboard.press('k');
    expect((await statsOf(page)).condition).toBe('paused');
    await untilNobodyIsSentAnything();
    const before = (await statsOf(page)).framesPresented;
    await page.keyboard.press('k');
    const stats = await untilStats(page, ({ condition }) => condition === 'playing');
    await morePictures(page, 10);
    expect(stats.joins).toBe(2);
    expect(stats.framesPresented).toBeGreaterThanOrEqual(before);
  });

  test('keys: sound, figures, help', async () => {
    const page = await watchDemo();
    const muted = () => page.evaluate(() => window.sfumato?.media?.muted);
    await page.keyboard.press('m');
    expect(await muted()).toBe(true);
    await page.keyboard.press('m');
    expect(await muted()).toBe(false);
    await page.keyboard.press('s');
    await expect(page.getByRole('rowheader', { name: 'Packet loss' }).isVisible()).resolves.toBe(
      true,
    );
    await page.keyboard.press('?');
    await expect(page.getByText('Play or pause').isVisible()).resolves.toBe(true);
    await page.keyboard.press('Escape');
    await page.getByText('Play or pause').waitFor({ state: 'detached' });
  });
});

describe('losses', () => {
  test('a lost socket alone stops no picture', async () => {
    const sockets: WebSocketRoute[] = [];
    const page = await browser.newPage();
    open = { page, complaints: [] };
    await page.routeWebSocket(/\/signal$/, (socket) => {
      socket.connectToServer();
      sockets.push(socket);
    });
    await page.goto(`${server.url}/watch/demo`);
    await untilStats(page, ({ framesPresented }) => framesPresented > 30);
    const reading = readCodes(page, 6_000);
    await morePictures(page, 20);
    await sockets[0]?.close({ code: 3000 });
    const readings = await reading;
    expect(longestGapMs(readings)).toBeLessThan(onThisMachine(1_500));
    expect(sockets.length).toBe(2);
    expect(await statsOf(page)).toMatchObject({ condition: 'playing', joins: 2 });
  });

  test('a killed worker: the picture is back within 5 s, without a reload', async () => {
    const page = await watchDemo();
    const [worker] = server.workerPids();
    if (worker === undefined) throw new Error('no worker was found');
    process.kill(worker, 'SIGKILL');
    const killed = performance.now();
    await untilStats(page, ({ joins }) => joins > 1);
    await morePictures(page, 5);
    expect(performance.now() - killed).toBeLessThan(onThisMachine(5_000));
    expect((await statsOf(page)).condition).toBe('playing');
    expect(open?.complaints).toEqual([]);
  });

  test.each(['kill', 'stop'] as const)(
    'a restarted server (%s): the page comes back by itself',
    async (end) => {
      const page = await watchDemo();
      await server[end]();
      await untilStats(page, ({ condition }) => condition !== 'playing');
      await server.start();
      const restarted = performance.now();
      await untilStats(page, ({ condition }) => condition === 'playing');
      await morePictures(page, 5);
      expect(performance.now() - restarted).toBeLessThan(onThisMachine(10_000));
      expect(open?.complaints).toEqual([]);
    },
  );
});

describe('pages', () => {
  test('home lists what is on air, and its card leads to the player', async () => {
    open = await openPage(browser, server.url);
    const { page } = open;
    const card = page.getByRole('link', { name: /Live.*people|Live.*watching/ });
    await card.hover();
    await page.locator('sfumato-video').waitFor({ state: 'attached' });
    await card.click();
    await page.getByRole('heading', { name: /demo/i }).waitFor();
    await untilStats(page, ({ condition }) => condition === 'playing');
    expect(open.complaints).toEqual([]);
  });

  test('a Channel that does not exist is said to, with a way home', async () => {
    open = await openPage(browser, `${server.url}/watch/nothing-here`);
    const { page } = open;
    await page.getByRole('heading', { name: 'There is no channel of this name' }).waitFor();
    await page.getByRole('link', { name: 'What is on air' }).click();
    await page.getByRole('heading', { name: 'On air now' }).waitFor();
  });
});
