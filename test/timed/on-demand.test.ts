import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { launchChromium } from '../support/chromium.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import {
  goesOn,
  mediaState,
  openOverWebRtc,
  pace,
  pause,
  peerCount,
  play,
  scattered,
  wayOf,
} from '../support/on-demand.ts';
import { onThisMachine, PATIENCE_MS } from '../support/patience.ts';
import { look, numbersOf, photographedNumber, shownNumber } from '../support/shown-picture.ts';
import { LONG_FILM, makeCodedFilm } from '../support/stored-clips.ts';
import { untilStats } from '../support/watching.ts';

const { framesPerSecond: RATE, seconds: SECONDS } = LONG_FILM;
const LAST = SECONDS * RATE - 1;

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let address = '';
let page: Page | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-on-demand-'));
  server = await startApp();
  library = await openLibrary(server);
  browser = await launchChromium();
  const file = await makeCodedFilm(folder, SECONDS, 'long.mkv', LONG_FILM);
  const film = await library.put(file, { title: 'Ten minutes', visibility: 'public' });
  // Ten minutes: half a minute's work for two cores that have nothing else to do.
  await library.ready(film, 3 * PATIENCE_MS);
  address = `${server.url}/watch/${film}`;
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await page?.context().close();
  page = undefined;
});

/** @param query such as `?t=90` */
async function watch(query = ''): Promise<Page> {
  page = await openOverWebRtc(browser, address + query);
  return page;
}

/** The middle of a picture's time, seconds. */
const timeOf = (number: number) => (number + 0.5) / RATE;

/** What was to be seen after what was seen first. @param looks the first is from before */
function seenAfter(looks: readonly { value: number | null }[], before: number | null) {
  return looks.slice(1).flatMap(({ value }) => (value === before || value === null ? [] : value));
}

/** Goes to a picture. @returns the numbers that were to be seen from then on */
async function seekTo(open: Page, wanted: number, thenMs: number, tolerance = 0) {
  const looks = await look(open, {
    to: timeOf(wanted),
    wanted: [wanted, wanted + tolerance],
    thenMs,
    withinMs: PATIENCE_MS,
  });
  return { before: looks[0]?.value ?? null, seen: seenAfter(looks, looks[0]?.value ?? null) };
}

/** Pictures that may still be seen while the order is on its way, and those that are lost on a busy machine. */
const UNDER_WAY = RATE * 2;
const LOST = 3;

/** Nothing but the old pictures, for a while, and then the wanted one and those after it. */
function expectArrival(
  { before, seen }: { before: number | null; seen: readonly number[] },
  wanted: number,
) {
  const first = seen.findIndex((number) => number >= wanted && number <= wanted + LOST);
  const old = seen.slice(0, first);
  expect({ wanted, seen, first }).toMatchObject({ first: expect.any(Number) });
  expect(first).toBeGreaterThanOrEqual(0);
  for (const number of old) {
    expect(number).toBeGreaterThan(before ?? -1);
    expect(number).toBeLessThan((before ?? 0) + UNDER_WAY);
  }
  const after = seen.slice(first);
  expect({ wanted, after, goesOn: goesOn(after) }).toMatchObject({ goesOn: true });
  return after;
}

/** Far from where it was, so that old pictures and new ones cannot be taken for each other. */
function targets(seed: number): () => number {
  const numbers = scattered(seed);
  let last = 0;
  return () => {
    let number = last;
    while (Math.abs(number - last) < 200) number = Math.floor(numbers.next().value * (LAST - 100));
    last = number;
    return number;
  };
}

describe('a film of ten minutes over WebRTC', () => {
  test('begins with its first picture, or at ?t=', async () => {
    const open = await watch();
    expect(await shownNumber(open)).toBeLessThan(RATE * 20);
    expect((await mediaState(open)).duration).toBeCloseTo(SECONDS, 1);
    await open.context().close();
    const further = await watch('?t=300');
    const number = await shownNumber(further);
    expect(number).toBeGreaterThanOrEqual(300 * RATE);
    expect(number).toBeLessThan(330 * RATE);
  });

  test('60 seeks while it is paused: the wanted picture, and none before or after it', async () => {
    const open = await watch();
    const peers = await peerCount(open);
    await pause(open);
    const next = targets(1);
    for (let seek = 0; seek < 60; seek += 1) {
      const wanted = next();
      const { seen } = await seekTo(open, wanted, 100);
      expect(seen).toEqual([wanted]);
      const { currentTime } = await mediaState(open);
      expect(Math.floor(currentTime * RATE + 0.1)).toBe(wanted);
      if (seek % 12 === 0) expect(await photographedNumber(open)).toBe(wanted);
    }
    expect(await peerCount(open)).toBe(peers);
  });

  test('40 seeks while it plays: on from the wanted picture, never frozen', async () => {
    const open = await watch();
    const peers = await peerCount(open);
    const next = targets(2);
    let exact = 0;
    for (let seek = 0; seek < 40; seek += 1) {
      const wanted = next();
      const after = expectArrival(await seekTo(open, wanted, 400, LOST), wanted);
      if (after[0] === wanted) exact += 1;
      // Ten pictures are due in the time; four of them are no freeze on any machine.
      expect(after.length).toBeGreaterThanOrEqual(4);
    }
    // Where the machine is too busy to show one, the next one is the first.
    expect(exact).toBeGreaterThanOrEqual(30);
    expect(await peerCount(open)).toBe(peers);
    await untilStats(open, ({ condition }) => condition === 'playing');
  });

  test('the picture follows the hand that drags the bar', async () => {
    const open = await watch();
    const slider = open.getByRole('slider', { name: 'seek' });
    const { x = 0, y = 0, width = 0, height = 0 } = (await slider.boundingBox()) ?? {};
    const dragMs = 4_000;
    await open.mouse.move(x + width * 0.1, y + height / 2);
    await open.mouse.down();
    const looking = look(open, { thenMs: dragMs, withinMs: dragMs });
    const startMs = performance.now();
    for (let part = 0; part < 1; part = (performance.now() - startMs) / dragMs) {
      await open.mouse.move(x + width * (0.1 + 0.7 * part), y + height / 2);
    }
    const looks = await looking;
    await open.mouse.up();
    const different = new Set(numbersOf(looks)).size;
    console.log(`dragging: ${((different * 1000) / dragMs).toFixed(1)} pictures a second`);
    expect(different).toBeGreaterThanOrEqual((8 * dragMs) / onThisMachine(1_000));
    // Where it was let go, it goes on.
    await until(async () => {
      const number = (await shownNumber(open)) ?? 0;
      return number > LAST * 0.78 && number < LAST * 0.85;
    });
    await untilStats(open, ({ condition }) => condition === 'playing');
    expect(await pace(open, 1_000)).toBeGreaterThan(RATE / 2);
  });

  test('pauses at once, and goes on with the same picture', async () => {
    const open = await watch('?t=60');
    for (let time = 0; time < 5; time += 1) {
      await open.keyboard.press('k');
      await untilStats(open, ({ condition }) => condition === 'paused');
      const held = await look(open, { thenMs: 500, withinMs: 500 });
      // One may have been on its way to the screen.
      expect(numbersOf(held).length).toBeLessThanOrEqual(2);
      const number = numbersOf(held).at(-1) ?? Number.NaN;
      const { currentTime } = await mediaState(open);
      expect(Math.floor(currentTime * RATE + 0.1)).toBe(number);
      await open.keyboard.press('k');
      const looks = await look(open, {
        wanted: [number + 1, number + 5],
        thenMs: 300,
        withinMs: PATIENCE_MS,
      });
      const numbers = numbersOf(looks);
      expect(numbers[0]).toBe(number);
      expect(goesOn(numbers)).toBe(true);
      expect(numbers[1]).toBeLessThanOrEqual(number + LOST);
      await untilStats(open, ({ condition }) => condition === 'playing');
    }
  });

  test('steps from picture to picture, and back', async () => {
    const open = await watch();
    await pause(open);
    await seekTo(open, 1_000, 0);
    const step = async (key: string, wanted: number) => {
      await open.keyboard.press(key);
      await until(async () => (await shownNumber(open)) === wanted);
      expect(Math.floor((await mediaState(open)).currentTime * RATE + 0.1)).toBe(wanted);
    };
    for (const wanted of [1_001, 1_002, 1_003]) await step('.', wanted);
    for (const wanted of [1_002, 1_001, 1_000, 999]) await step(',', wanted);
  });

  test('plays slower and faster: without sound in the Session, with sound at its pitch', async () => {
    const open = await watch('?t=100');
    const rate = (speed: number, muted: boolean) =>
      open.evaluate(
        ([value, silent]) => {
          const media = window.sfumato?.media;
          if (media === null || media === undefined) throw new Error('no player');
          media.muted = silent;
          media.playbackRate = value;
        },
        [speed, muted] as const,
      );
    for (const speed of [2, 0.5, 1.5, 1]) {
      await rate(speed, true);
      expect((await mediaState(open)).playbackRate).toBe(speed);
      // From the moment on at which it took hold.
      await until(async () => Math.abs((await pace(open, 1_000)) / RATE / speed - 1) < 0.15);
      expect(await wayOf(open)).toBe('webrtc');
    }
    const before = (await shownNumber(open)) ?? 0;
    await rate(1.5, false);
    await until(async () => (await wayOf(open)) === 'hls');
    await until(async () => Math.abs((await pace(open, 1_000)) / RATE / 1.5 - 1) < 0.15);
    expect(await shownNumber(open)).toBeGreaterThan(before);
    await rate(1, false);
    await until(async () => (await wayOf(open)) === 'webrtc');
    await until(async () => Math.abs((await pace(open, 1_000)) / RATE - 1) < 0.15);
  });

  test('ends with its last picture, and begins again where it shall', async () => {
    const open = await watch(`?t=${SECONDS - 2}`);
    await untilStats(open, ({ condition }) => condition === 'ended');
    expect(await mediaState(open)).toMatchObject({ ended: true });
    expect((await mediaState(open)).currentTime).toBeCloseTo(SECONDS, 0);
    expect(await shownNumber(open)).toBe(LAST);
    await play(open);
    await until(async () => ((await shownNumber(open)) ?? LAST) < RATE * 20);
    await open.evaluate((to) => {
      const media = window.sfumato?.media;
      if (media === null || media === undefined) throw new Error('no player');
      media.loop = true;
      media.currentTime = to;
    }, SECONDS - 1);
    await until(async () => ((await shownNumber(open)) ?? 0) > LAST - RATE * 2);
    await until(async () => ((await shownNumber(open)) ?? LAST) < RATE * 20);
    await untilStats(open, ({ condition }) => condition === 'playing');
  });
});
