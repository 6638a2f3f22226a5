import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { launchChromium } from '../support/chromium.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { medianOf, presented, skewsOf } from '../support/lip-sync.ts';
import { until } from '../support/live-server.ts';
import { openOverWebRtc, pause, play, scattered, wayOf } from '../support/on-demand.ts';
import { FILM, makeCodedFilm } from '../support/stored-clips.ts';
import { morePictures } from '../support/watching.ts';

const SECONDS = 90;
const ORDERS = 100;
/** A person notices more than this. Milliseconds. */
const LIMIT_MS = 20;
const LISTEN_MS = 6_000;

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let address = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-lip-sync-'));
  server = await startApp();
  library = await openLibrary(server);
  browser = await launchChromium();
  const look = { width: 256, height: 144, enlarged: 2, framesPerSecond: FILM.framesPerSecond };
  const file = await makeCodedFilm(folder, SECONDS, 'beeps.mkv', { ...look, sound: 'beeps' });
  const film = await library.put(file, { title: 'Beeps', visibility: 'public' });
  await library.ready(film);
  address = `${server.url}/watch/${film}`;
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Something a person does; a seek leaves at least a third of the film to play. */
async function order(page: Page, kind: number, where: number): Promise<void> {
  if (kind < 0.6) {
    await page.evaluate(
      (to) => {
        if (window.sfumato !== undefined) window.sfumato.currentTime = to;
      },
      where * SECONDS * 0.6,
    );
    await morePictures(page, 3);
  } else if (kind < 0.85) {
    await pause(page);
    await play(page);
  } else {
    await speed(page, where < 0.5 ? 0.5 : 2);
    await morePictures(page, 3);
    await speed(page, 1);
  }
}

/** Without sound: with it, the player goes over to HLS. */
async function speed(page: Page, rate: number): Promise<void> {
  await page.evaluate((value) => {
    const media = window.sfumato?.media;
    if (media === null || media === undefined) throw new Error('no player');
    media.muted = value !== 1;
    media.playbackRate = value;
  }, rate);
}

/** @returns how much later the picture is presented than its sound, milliseconds: the median of some beeps */
async function skew(page: Page): Promise<number> {
  let skews: number[] = [];
  await until(async () => {
    const heard = await presented(page, { forMs: LISTEN_MS, threshold: 0.05 });
    skews = skewsOf(heard, FILM.framesPerSecond);
    console.log(
      `picture after sound: ${skews.map(Math.round).join(' ')} ms; output ${heard.outputDelayMs?.toFixed(1)} ms`,
    );
    return skews.length >= 3;
  });
  return medianOf(skews);
}

test('sound and picture stay together through a hundred seeks, pauses and speeds', async () => {
  const page = await openOverWebRtc(browser, address);
  await page.evaluate(() => {
    const media = window.sfumato?.media;
    if (media === null || media === undefined) throw new Error('no player');
    media.muted = false;
    media.volume = 1;
  });
  const numbers = scattered(7);
  for (let count = 0; count < ORDERS; count += 1) {
    await order(page, numbers.next().value, numbers.next().value);
  }
  await page.evaluate(() => {
    if (window.sfumato !== undefined) window.sfumato.currentTime = 2;
  });
  // The browser brings both together by steps, and may be a few seconds at it.
  let last = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5 && Math.abs(last) > LIMIT_MS; tries += 1) last = await skew(page);
  expect(Math.abs(last)).toBeLessThanOrEqual(LIMIT_MS);
  expect(await wayOf(page)).toBe('webrtc');
  await page.context().close();
});
