import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { FAKE_DEVICES, launchChromium, openPage } from '../support/chromium.ts';
import {
  ADMIN_TOKEN,
  createChannel,
  goLive,
  startEmptyServer,
  untilStudio,
} from '../support/going-live.ts';
import { recordSecret } from '../support/run-record.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { morePictures, statsOf, untilStats } from '../support/watching.ts';

let folder: string;
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-rotation-'));
  [server, browser] = await Promise.all([
    startEmptyServer(folder),
    launchChromium('allowed', FAKE_DEVICES),
  ]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function rotate(channelId: string): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/channels/${channelId}/stream-key`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  const { streamKey } = z.looseObject({ streamKey: z.string() }).parse(await response.json());
  recordSecret(`the next stream key of ${channelId}`, streamKey);
  return streamKey;
}

test('a rotated key ends the page on air, which says why; with the new one it goes on', async () => {
  const key = await createChannel(server.url, 'rotated', 'Rotated');
  const studio = await goLive(browser, server.url, 'rotated', key);
  const viewer = await openPage(browser, `${server.url}/watch/rotated`);
  await untilStats(viewer.page, ({ framesPresented }) => framesPresented > 5);
  const renewed = await rotate('rotated');
  await studio.page.getByText('The stream key of this channel was replaced').waitFor();
  await untilStudio(studio.page, ({ phase }) => phase === 'ended');
  await untilStats(viewer.page, ({ condition }) => condition === 'offAir');
  const next = await goLive(browser, server.url, 'rotated', renewed);
  await untilStats(viewer.page, ({ condition }) => condition === 'playing');
  await morePictures(viewer.page, 10);
  expect(await statsOf(viewer.page)).toMatchObject({ condition: 'playing' });
  expect([studio, viewer, next].flatMap(({ complaints }) => complaints)).toEqual([]);
});
