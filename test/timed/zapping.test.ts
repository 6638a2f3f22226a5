import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium, openPage } from '../support/chromium.ts';
import { makeClip } from '../support/clip.ts';
import { ServerProcess } from '../support/server-process.ts';
import { morePictures, untilStats } from '../support/watching.ts';

let folder: string;
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-zapping-'));
  const files = [await makeClip(folder, 'one.mp4'), await makeClip(folder, 'two.mp4', 3)];
  browser = await launchChromium();
  server = await ServerProcess.start({ files, settings: { DATA_DIR: join(folder, 'data') } });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('another Channel', () => {
  test('comes over the same transport: one join, and pictures again', async () => {
    const { page, complaints } = await openPage(browser, `${server.url}/watch/one`);
    await untilStats(page, ({ framesPresented }) => framesPresented > 10);
    for (const [src, id] of [
      ['/watch/two', 'two'],
      ['one', 'one'],
    ] as const) {
      await page.evaluate((address) => {
        if (window.sfumato) window.sfumato.src = address;
      }, src);
      await untilStats(page, ({ channelId, condition }) => {
        return channelId === id && condition === 'playing';
      });
      await morePictures(page, 10);
    }
    expect(await untilStats(page, () => true)).toMatchObject({ joins: 1, live: true });
    expect(complaints).toEqual([]);
  });

  test('one that does not exist is said to, and one that does plays after it', async () => {
    const { page } = await openPage(browser, `${server.url}/watch/one`);
    await untilStats(page, ({ framesPresented }) => framesPresented > 10);
    await page.evaluate(() => window.sfumato?.setAttribute('src', 'nowhere'));
    await untilStats(page, ({ condition }) => condition === 'notFound');
    await page.evaluate(() => window.sfumato?.setAttribute('src', 'two'));
    await untilStats(page, ({ condition }) => condition === 'playing');
    await morePictures(page, 10);
  });
});
