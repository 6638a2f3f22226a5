import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';

const run = promisify(execFile);
const SECONDS = 30;
const HLS_JS = join(import.meta.dirname, '../../node_modules/hls.js/dist/hls.min.js');

/** What the page has: hls.js of others, with our playlists. */
interface Playing {
  time: number;
  duration: number;
  frames: number;
  soundBytes: number;
  /** Media time of the picture that is shown. */
  shown: number;
  levels: number;
  subtitles: number;
  width: number;
  errors: string[];
}

const START = (url: string) => `
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  window.video = video;
  window.shown = -1;
  window.errors = [];
  const look = (_now, { mediaTime }) => {
    window.shown = mediaTime;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  window.hls = new Hls({ enableWorker: false });
  hls.on(Hls.Events.ERROR, (_event, { type, details, fatal }) => {
    window.errors.push([type, details, fatal].join(' '));
  });
  hls.loadSource(${JSON.stringify(url)});
  hls.attachMedia(video);
  void video.play();
`;

/** The browser's own HLS, with no script of anybody's. */
const START_NATIVE = (url: string) => `
  const video = document.createElement('video');
  video.muted = true;
  window.video = video;
  window.shown = -1;
  const look = (_now, { mediaTime }) => {
    window.shown = mediaTime;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  video.src = ${JSON.stringify(url)};
  document.body.append(video);
  void video.play();
`;

const READ_NATIVE = `({
  time: video.currentTime, duration: video.duration, shown, error: video.error?.message ?? null,
  frames: video.getVideoPlaybackQuality().totalVideoFrames,
})`;
type Native = Pick<Playing, 'time' | 'duration' | 'shown' | 'frames'> & {
  error: string | null;
};

const READ = `({
  time: video.currentTime, duration: video.duration, shown, errors,
  frames: video.getVideoPlaybackQuality().totalVideoFrames,
  soundBytes: video.webkitAudioDecodedByteCount, width: video.videoWidth,
  levels: hls.levels.length, subtitles: hls.subtitleTracks.length,
})`;

describe('players in Chromium that are not ours', () => {
  let server: TestApp;
  let library: LibraryBehind;
  let browser: Browser;
  let film = '';

  beforeAll(async () => {
    server = await startApp({});
    library = await openLibrary(server);
    const path = join(server.folder, 'film.mp4');
    await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-t', String(SECONDS)],
      ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30', '-t', String(SECONDS)],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-c:a', 'aac', path],
    ]);
    film = await library.put(path, { title: 'Film', visibility: 'public' });
    await library.ready(film);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await library.close();
    await server.close();
  });

  const read = (page: Page) => page.evaluate<Playing>(READ);

  test('hls.js plays, and goes to another place', async () => {
    const { page, complaints } = await openPage(browser, `${server.url}/`);
    await page.evaluate(await readFile(HLS_JS, 'utf8'));
    await page.evaluate(START(`/api/v1/assets/${film}/hls/master.m3u8`));
    await until(async () => (await read(page)).time > 3);
    const before = await read(page);
    expect(before.duration).toBeCloseTo(SECONDS, 0);
    expect(before.levels).toBeGreaterThanOrEqual(2);
    expect(before.frames).toBeGreaterThan(60);
    expect(before.soundBytes).toBeGreaterThan(10_000);
    await page.evaluate('video.currentTime = 20.5');
    await until(async () => (await read(page)).shown > 22);
    const after = await read(page);
    expect(after.shown).toBeLessThan(30);
    expect(after.frames).toBeGreaterThan(before.frames + 30);
    // To the end, where nothing is missing.
    await page.evaluate('video.currentTime = 28');
    await until(() => page.evaluate<boolean>('video.ended'));
    const { shown, errors } = await read(page);
    expect(shown).toBeCloseTo(SECONDS - 1 / 30, 1);
    expect([errors, complaints]).toEqual([[], []]);
  });

  test("Chromium's own HLS plays, and goes to another place", async () => {
    const { page, complaints } = await openPage(browser, `${server.url}/`);
    const native = () => page.evaluate<Native>(READ_NATIVE);
    await page.evaluate(START_NATIVE(`/api/v1/assets/${film}/hls/master.m3u8`));
    await until(async () => (await native()).shown > 3);
    const before = await native();
    expect(before.duration).toBeCloseTo(SECONDS, 0);
    expect(before.frames).toBeGreaterThan(60);
    await page.evaluate('video.currentTime = 20.5');
    await until(async () => (await native()).shown > 22);
    expect((await native()).frames).toBeGreaterThan(before.frames + 30);
    await page.evaluate('video.currentTime = 28');
    await until(() => page.evaluate<boolean>('video.ended'));
    expect([(await native()).error, complaints]).toEqual([null, []]);
  });
});
