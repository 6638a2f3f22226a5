import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { launchChromium, openPage } from '../support/chromium.ts';
import { makeClip } from '../support/clip.ts';
import { ServerProcess } from '../support/server-process.ts';
import { morePictures, statsOf, untilStats } from '../support/watching.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-starting-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('before there is something to watch', () => {
  test('a Channel that is off air starts by itself when it comes on air', async () => {
    const clip = await makeClip(folder, 'film.mp4', 30);
    const server = await ServerProcess.start({
      files: [clip],
      settings: { DATA_DIR: join(folder, 'data') },
      until: 'listening',
    });
    const browser = await launchChromium();
    try {
      const { page, complaints } = await openPage(browser, `${server.url}/watch/film`);
      await untilStats(page, ({ condition }) => condition === 'offAir');
      await page.getByRole('status').filter({ hasText: 'Off air' }).waitFor();
      await untilStats(page, ({ condition }) => condition === 'playing');
      await morePictures(page, 20);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});

describe('autoplay', () => {
  test('where sound wants a gesture it starts without, and offers the sound', async () => {
    const server = await ServerProcess.start();
    const browser = await launchChromium('afterGesture');
    try {
      const page = await browser.newPage();
      const playing = await conditionReached(page, 'playing');
      await page.goto(`${server.url}/watch/demo`);
      await playing.promise;
      await page.getByRole('button', { name: 'Tap to unmute' }).click();
      await morePictures(page, 10);
      expect(await page.evaluate(() => window.sfumato?.media?.muted)).toBe(false);
      expect((await statsOf(page)).condition).toBe('playing');
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});

/** Told by the page itself: to ask it, as Playwright does it, would count as a person's gesture. */
async function conditionReached(page: Page, wanted: string): Promise<{ promise: Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.exposeFunction('tellCondition', (condition: string) => {
    if (condition === wanted) resolve();
  });
  await page.addInitScript(() => {
    const tell = (event: Event) => {
      const told: unknown = Reflect.get(window, 'tellCondition');
      if (event instanceof CustomEvent && typeof told === 'function') told(event.detail.condition);
    };
    document.addEventListener('conditionchange', tell, true);
  });
  return { promise };
}
