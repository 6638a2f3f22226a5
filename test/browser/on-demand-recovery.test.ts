import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { freshDatabase } from '../support/databases.ts';
import { startEmptyServer } from '../support/going-live.ts';
import { openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { openOverWebRtc, pause, peerCount, play, wayOf } from '../support/on-demand.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { look, numbersOf, shownNumber } from '../support/shown-picture.ts';
import { FILM, makeCodedFilm } from '../support/stored-clips.ts';
import { morePictures, untilStats } from '../support/watching.ts';

const SECONDS = 90;
const RATE = FILM.framesPerSecond;

let folder = '';
let server: ServerProcess;
let browser: Browser;
let address = '';
let page: Page | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-recovery-'));
  const { DATABASE_URL } = await freshDatabase();
  server = await startEmptyServer(folder, { DATABASE_URL });
  browser = await launchChromium();
  const library = await openLibrary({ folder, databaseUrl: DATABASE_URL || undefined });
  const size = { width: 256, height: 144, enlarged: 2, framesPerSecond: RATE };
  const file = await makeCodedFilm(folder, SECONDS, 'film.mkv', { ...size, sound: 'tone' });
  const film = await library.put(file, { title: 'A film', visibility: 'public' });
  await library.ready(film);
  await library.close();
  address = `${server.url}/watch/${film}?t=20`;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await page?.context().close();
  page = undefined;
});

async function watch(prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  page = await openOverWebRtc(browser, address, prepare === undefined ? {} : { prepare });
  return page;
}

/** Does something, and waits until it plays again. @returns the pictures before and after, by their numbers */
async function through(open: Page, act: () => Promise<unknown>) {
  const before = (await shownNumber(open)) ?? Number.NaN;
  const startMs = performance.now();
  await act();
  await untilStats(open, ({ condition }) => condition === 'playing');
  await morePictures(open, 10);
  const after = (await shownNumber(open)) ?? Number.NaN;
  return { before, after, seconds: (performance.now() - startMs) / 1000 };
}

/** On from where it was, and not from where it would be had nothing happened, or from the beginning. */
function expectOn({ before, after, seconds }: Awaited<ReturnType<typeof through>>) {
  expect(after).toBeGreaterThan(before);
  expect(after).toBeLessThan(before + (seconds + 1) * RATE);
}

/** A figure of the server's own. */
async function gauge(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

const SESSIONS = 'sfumato_sessions';

describe('a Session', () => {
  test('goes on where it was when its socket was cut, without a break', async () => {
    const sockets: WebSocketRoute[] = [];
    const open = await watch((fresh) =>
      fresh.routeWebSocket(/\/signal$/, (socket) => {
        socket.connectToServer();
        sockets.push(socket);
      }),
    );
    const looking = look(open, { thenMs: 4_000, withinMs: 4_000 });
    await sockets[0]?.close({ code: 3000 });
    const numbers = numbersOf(await looking);
    await until(() => sockets.length > 1);
    // Nothing comes twice, and nothing from another place.
    for (const [index, number] of numbers.entries()) {
      expect(Math.abs(number - (numbers[index - 1] ?? number - 1))).toBeLessThan(RATE * 2);
    }
    expectOn(await through(open, () => Promise.resolve()));
    const sought = 60 * RATE;
    await look(open, { to: 60, wanted: [sought, sought + RATE], thenMs: 0, withinMs: 60_000 });
    expect(await shownNumber(open)).toBeGreaterThanOrEqual(sought);
  });

  test('goes on where it was when its Worker died', async () => {
    const open = await watch();
    expectOn(
      await through(open, async () => {
        const [workers, peers] = [server.workerPids(), await peerCount(open)];
        for (const pid of workers) process.kill(pid, 'SIGKILL');
        await until(() => server.workerPids().every((pid) => !workers.includes(pid)));
        await until(async () => (await peerCount(open)) > peers);
      }),
    );
    expect(await wayOf(open)).toBe('webrtc');
  });

  test('goes on where it was when the server was killed, playing or paused', async () => {
    const open = await watch();
    expectOn(
      await through(open, async () => {
        await server.kill();
        await untilStats(open, ({ condition }) => condition !== 'playing');
        await server.start();
      }),
    );
    await pause(open);
    const number = await shownNumber(open);
    await server.kill();
    await server.start();
    await play(open);
    await morePictures(open, 3);
    const after = (await shownNumber(open)) ?? Number.NaN;
    expect(after).toBeGreaterThanOrEqual(number ?? Number.NaN);
    expect(after).toBeLessThan((number ?? Number.NaN) + 10 * RATE);
  });

  test('ends when its Viewer goes, and nothing of it stays', async () => {
    await until(async () => (await gauge(SESSIONS)) === 0);
    const open = await watch();
    expect(await gauge(SESSIONS)).toBe(1);
    await open.context().close();
    page = undefined;
    await until(async () => (await gauge(SESSIONS)) === 0);
  });
});
