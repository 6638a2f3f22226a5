import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { channelSchema } from '../../signaling/contract/index.ts';
import { FAKE_DEVICES, launchChromium, openPage } from '../support/chromium.ts';
import {
  createChannel,
  delaysOf,
  startEmptyServer,
  untilStudio,
  useClockCamera,
} from '../support/going-live.ts';
import { type PagePublication, publishFromPage } from '../support/rtc-pages.ts';
import { ServerProcess } from '../support/server-process.ts';
import { type CodeReading, readCodes, statsOf, untilStats } from '../support/watching.ts';

const READ_MS = 6_000;
const LOOKS = 30;

let browser: Browser;
let server: ServerProcess | undefined;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-latency-'));
  browser = await launchChromium('allowed', FAKE_DEVICES);
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The demo keeps step with the wall clock: its frame number is a time of the minute. */
function delaysOfDemo(readings: readonly CodeReading[]): number[] {
  return readings.flatMap(({ value, presentedMs }) => {
    if (value === null) return [];
    const age = (presentedMs - (value * 1_000) / 30) % 60_000;
    return [age > 30_000 ? age - 60_000 : age];
  });
}

/** Medians of one and the same while: what the picture says of its age, and what the player says. */
async function compare(page: Page, delays: (readings: readonly CodeReading[]) => number[]) {
  const shown: number[] = [];
  const reading = readCodes(page, READ_MS);
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, READ_MS / LOOKS));
    const { latencyMs, latencyFrom } = await statsOf(page);
    expect(latencyFrom).toBe('source');
    if (latencyMs !== null) shown.push(latencyMs);
  }
  return { truthMs: median(delays(await reading)), shownMs: median(shown) };
}

/**
 * Within 20 ms, while the delay itself is a steady one: on a machine that is busy with other things it jumps by
 * more than that within a reading, and then the reading is made again.
 */
async function untilTrue(page: Page, delays: (readings: readonly CodeReading[]) => number[]) {
  let last = await compare(page, delays);
  for (let tries = 0; tries < 5 && Math.abs(last.shownMs - last.truthMs) > 20; tries += 1) {
    last = await compare(page, delays);
  }
  console.log(`truth ${Math.round(last.truthMs)} ms, shown ${Math.round(last.shownMs)} ms`);
  expect(Math.abs(last.shownMs - last.truthMs)).toBeLessThanOrEqual(20);
}

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('the delay that the player shows is the true one', () => {
  test('of a file', async () => {
    server = await ServerProcess.start();
    const { page } = await openPage(browser, `${server.url}/watch/demo`);
    await untilStats(page, ({ height, latencyFrom }) => height === 720 && latencyFrom === 'source');
    await untilTrue(page, delaysOfDemo);
    await page.close();
  }, 400_000);

  test('of a webcam', async () => {
    server = await startEmptyServer(folder);
    const key = await createChannel(server.url, 'studio', 'The studio');
    const studio = await browser.newPage();
    await useClockCamera(studio);
    await studio.goto(`${server.url}/broadcast/studio#key=${key}`);
    await studio.getByRole('button', { name: 'Go live' }).click();
    await untilStudio(studio, ({ phase }) => phase === 'live');
    const { page } = await openPage(browser, `${server.url}/watch/studio`);
    await untilStats(page, ({ latencyFrom }) => latencyFrom === 'source');
    await untilTrue(page, delaysOf);
    // Broadcaster and server share a clock here, which the broadcast page has to find out.
    const answer = await fetch(`${server.url}/api/v1/channels/studio`);
    const { publisher } = channelSchema.parse(await answer.json());
    expect(Math.abs(publisher?.clockOffsetMs ?? Number.NaN)).toBeLessThan(100);
    await page.close();
    await studio.close();
  });

  // All that such a sender tells of its clock are Sender Reports: it offers no abs-capture-time.
  test.each<[string, string, Pick<PagePublication, 'simulcast' | 'mimeType'>]>([
    ['H.264 in one Layer: by the ladder', 'ladder', { simulcast: false, mimeType: 'video/h264' }],
    ['VP8 in one Layer: as it comes', 'simple', { simulcast: false, mimeType: 'video/vp8' }],
    ['H.264 in three Layers', 'simulcast', { simulcast: true, mimeType: 'video/h264' }],
  ])('of an encoder by WHIP, %s', async (_name, channel, picture) => {
    server = await startEmptyServer(folder);
    const key = await createChannel(server.url, channel, 'An encoder');
    const encoder = await browser.newPage();
    await useClockCamera(encoder);
    await encoder.goto(server.url);
    const url = `${server.url}/whip/${channel}`;
    await publishFromPage(encoder, { url, key, camera: true, ...picture });
    const { page } = await openPage(browser, `${server.url}/watch/${channel}`);
    // The top Layer is not the one that a Viewer begins with: its pictures come on the RTP clock of another.
    await untilStats(page, ({ height, latencyFrom }) => height === 720 && latencyFrom === 'source');
    await untilTrue(page, delaysOf);
    await page.close();
    await encoder.close();
  });
});
