import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { NetworkBox } from '../../bench/link/network-box.ts';
import { type BoxedChromium, BoxedServer, launchBoxedChromium } from '../support/boxed.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { onThisMachine } from '../support/patience.ts';
import { distance, seenOf } from '../support/screen.ts';
import { FILM, makeCodedFilm, shownNumber } from '../support/stored-clips.ts';
import { morePictures, statsOf, untilStats } from '../support/watching.ts';
import { saveData, untilWay, wayOf } from '../support/ways.ts';

const SECONDS = 120;
/** From play to a picture, by whatever way it has to come. */
const DECIDED_WITHIN_MS = 3_000;
/** What a WebRTC that does not get through is waited for. */
const PATIENCE_MS = 2_000;
/** The server's default, of its only Worker. */
const MEDIA_PORT = 40_000;

/** Grey values, of 255: the same picture, be it in the lowest Rendition; never another one, nor none. */
const SAME_PICTURE = 8;

const NO_UDP = [{ protocol: 'udp' }] as const;
const NO_MEDIA = [{ protocol: 'udp' }, { protocol: 'tcp', port: MEDIA_PORT }] as const;

let folder: string;
let box: NetworkBox | undefined;
let server: BoxedServer | undefined;
let library: LibraryBehind | undefined;
let chromium: BoxedChromium | undefined;
let context: BrowserContext | undefined;
let film = '';

beforeAll(async () => {
  if (process.platform !== 'linux') return;
  folder = await mkdtemp(join(tmpdir(), 'sfumato-fallback-'));
  box = await NetworkBox.create({ clients: 1 });
  server = await BoxedServer.start(box.server, folder);
  library = await openLibrary({ folder, databaseUrl: undefined });
  const source = await makeCodedFilm(folder, SECONDS);
  film = await library.put(source, { title: 'A coded film', visibility: 'public' });
  await library.ready(film);
  const link = theLink();
  chromium = await launchBoxedChromium(link.client, link.serverAddress, folder);
});
afterAll(async () => {
  await chromium?.browser.close();
  await library?.close();
  await server?.stop();
  await box?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await theLink().forbid([]);
  await context?.close();
  context = undefined;
});

function theLink() {
  const link = box?.links[0];
  if (link === undefined) throw new Error('there is no box');
  return link;
}

/** Another page of the same person, who remembers; afterwards they are forgotten. */
async function watch(prepare: (page: Page) => Promise<void> = async () => {}): Promise<Page> {
  if (chromium === undefined) throw new Error('there is no Chromium');
  context ??= await chromium.browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await prepare(page);
  await page.goto(`${chromium.url}/watch/${film}`);
  return page;
}

/** Waits for pictures. @returns what the first took from play on, milliseconds */
async function firstPicture(page: Page): Promise<number> {
  await untilWay(page, {});
  const { timeToFirstFrameMs } = await untilStats(
    page,
    (stats) => stats.framesPresented > 5 && stats.timeToFirstFrameMs !== null,
  );
  return timeToFirstFrameMs ?? Number.POSITIVE_INFINITY;
}

/** Is the picture in motion, and the one that the time says? */
async function plays(page: Page): Promise<void> {
  const before = (await statsOf(page)).stored?.position ?? Number.NaN;
  await morePictures(page, 10);
  const shown = await shownNumber(page);
  expect((shown ?? Number.NaN) / FILM.framesPerSecond).toBeGreaterThan(before - 1);
}

/** Waits until it stands still there. @returns the number in its picture */
async function untilStill(page: Page, seconds: number): Promise<number> {
  await untilStats(page, ({ stored }) => Math.abs((stored?.position ?? -9) - seconds) < 0.05);
  return (await shownNumber(page)) ?? Number.NaN;
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a film comes by the best way that there is', () => {
  test('nothing is in the way: WebRTC over UDP', async () => {
    const page = await watch();
    const tookMs = await firstPicture(page);
    expect(await untilWay(page, { protocol: 'udp' })).toMatchObject({
      via: 'webrtc',
      wayReason: null,
    });
    console.log(`over UDP after ${Math.round(tookMs)} ms`);
    await plays(page);
  });

  test('UDP is swallowed: WebRTC over TCP, within three seconds', async () => {
    await theLink().forbid(NO_UDP);
    const page = await watch();
    const tookMs = await firstPicture(page);
    console.log(`over TCP after ${Math.round(tookMs)} ms`);
    expect(await untilWay(page, { protocol: 'tcp' })).toMatchObject({ via: 'webrtc' });
    expect(tookMs).toBeLessThan(onThisMachine(DECIDED_WITHIN_MS));
    await plays(page);
  });

  test('all media is swallowed: HLS within three seconds, then at once, and back', async () => {
    await theLink().forbid(NO_MEDIA);
    const first = await watch();
    const tookMs = await firstPicture(first);
    expect(await wayOf(first)).toMatchObject({ via: 'hls', wayReason: 'noConnection' });
    expect(tookMs).toBeLessThan(onThisMachine(DECIDED_WITHIN_MS));
    await plays(first);
    await first.close();

    const page = await watch();
    const againMs = await firstPicture(page);
    console.log(`over HLS after ${Math.round(tookMs)} ms, then after ${Math.round(againMs)} ms`);
    expect(await wayOf(page)).toMatchObject({ via: 'hls', wayReason: 'remembered' });
    expect(againMs).toBeLessThan(tookMs);
    expect(againMs).toBeLessThan(onThisMachine(PATIENCE_MS));

    // A pause without a way back; the picture is what it is then.
    await page.evaluate(() => window.sfumato?.pause());
    const { position } = await untilWay(page, { via: 'hls' });
    const number = await untilStill(page, position);
    const still = await seenOf(page);
    await theLink().forbid([]);
    // The browser says so where another network comes.
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    const apart: number[] = [];
    while ((await wayOf(page))?.via !== 'webrtc') apart.push(distance(await seenOf(page), still));
    expect(Math.abs((await untilStill(page, position)) - number)).toBeLessThanOrEqual(1);
    for (let more = 0; more < 5; more += 1) apart.push(distance(await seenOf(page), still));
    console.log(`pictures while it changes over: ${apart.map((it) => it.toFixed(1)).join(' ')}`);
    expect(Math.max(...apart)).toBeLessThan(SAME_PICTURE);
    await page.evaluate(() => window.sfumato?.play());
    await plays(page);
    await page.close();

    // It got through: nothing is held against the network any more.
    const third = await watch();
    await firstPicture(third);
    expect(await wayOf(third)).toMatchObject({ via: 'webrtc' });
  });

  test('a way that is cut while it plays: HLS goes on from there, and back at a seek', async () => {
    const page = await watch();
    await firstPicture(page);
    await untilWay(page, { via: 'webrtc' });
    await theLink().forbid(NO_MEDIA);
    const { position: before } = await untilWay(page, {});
    const { position } = await untilWay(page, { via: 'hls' });
    expect(position).toBeGreaterThanOrEqual(before - 0.1);
    await plays(page);

    await theLink().forbid([]);
    await page.evaluate(() => {
      if (window.sfumato !== undefined) window.sfumato.currentTime = 80;
    });
    await untilWay(page, { via: 'webrtc' });
    expect((await wayOf(page))?.position).toBeGreaterThan(79);
    await plays(page);
  });

  test('data is to be saved: HLS', async () => {
    const page = await watch(saveData);
    await firstPicture(page);
    expect(await wayOf(page)).toMatchObject({ via: 'hls', wayReason: 'dataSaver' });
    await plays(page);
  });
});
