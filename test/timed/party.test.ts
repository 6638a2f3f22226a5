import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { setUpAdministrator } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { type Apart, comeToParty, isThere, readTogether } from '../support/party-pages.ts';
import { shownNumber } from '../support/shown-picture.ts';
import { FILM, makeCodedFilm } from '../support/stored-clips.ts';
import { statsOf, untilStats } from '../support/watching.ts';
import { saveData } from '../support/ways.ts';

const SECONDS = 60;
/** What the issue asks for. */
const TOGETHER_MS = 100;
const READ_MS = 4_000;
const LOOKED_AGAIN = 3;
const VIEWPORT = { width: 900, height: 700 };

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let film = '';
let cookie = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-party-'));
  server = await startApp();
  cookie = await setUpAdministrator(server);
  library = await openLibrary(server);
  browser = await launchChromium();
  const path = await makeCodedFilm(folder, SECONDS);
  film = await library.put(path, { title: 'A film for many', visibility: 'public' });
  await library.ready(film);
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** The page of the film, as somebody who is signed in has it. */
async function signedIn(): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/watch/${film}`);
  return page;
}

/** Opens a party as a person does. */
async function openParty(everyone = false): Promise<Page> {
  const host = await signedIn();
  await untilPlaying(host);
  await host.keyboard.press('k');
  await host.getByRole('button', { name: 'Watch together' }).click();
  if (everyone) await host.getByRole('radio', { name: 'Everyone' }).check();
  await host.getByRole('button', { name: 'Open the party' }).click();
  await host.waitForURL(/party=/);
  await isThere(host);
  return host;
}

async function untilPlaying(page: Page): Promise<void> {
  await until(() => page.evaluate(() => (window.sfumato?.stats() ?? null) !== null));
  await untilStats(page, ({ framesPresented }) => framesPresented > 2);
}

const come = (host: Page) => comeToParty(browser, host.url());
const comeOverHls = (host: Page) => comeToParty(browser, host.url(), { prepare: saveData });
const way = async (page: Page) => (await statsOf(page)).stored?.via;

/** Waits until all stand at one picture. @returns its number */
async function sameStill(pages: readonly Page[], wanted?: number): Promise<number> {
  let shown: (number | null)[] = [];
  await until(async () => {
    for (const page of pages) await untilStats(page, ({ condition }) => condition !== 'playing');
    shown = await Promise.all(pages.map((page) => shownNumber(page)));
    return new Set(shown).size === 1 && shown[0] !== null && (wanted ?? shown[0]) === shown[0];
  });
  return shown[0] ?? Number.NaN;
}

async function play(host: Page, pages: readonly Page[]): Promise<void> {
  await host.keyboard.press('k');
  for (const page of pages) await untilStats(page, ({ condition }) => condition === 'playing');
}

/** What a machine that is busy with other things holds up for a moment is held up for a moment: it is looked again. */
async function areTogether(what: string, pages: readonly Page[]): Promise<void> {
  let figures = await lookAt(what, pages);
  for (let again = 0; again < LOOKED_AGAIN && figures.p95 >= TOGETHER_MS; again += 1) {
    figures = await lookAt(what, pages);
  }
  expect(figures.moments).toBeGreaterThan(READ_MS / 80);
  expect(figures.p95).toBeLessThan(TOGETHER_MS);
}

async function lookAt(what: string, all: readonly Page[]): Promise<Apart> {
  const figures = await readTogether(all, READ_MS);
  const { median, p95, worst, moments, ahead } = figures;
  const pages = ahead.map((ms) => ms.toFixed(0)).join(' ');
  console.info(
    `${what}: median ${median.toFixed(0)}, p95 ${p95.toFixed(0)}, worst ${worst.toFixed(0)} ms of ${moments} moments; pages ${pages}`,
  );
  return figures;
}

const number = (seconds: number) => Math.floor(seconds * FILM.framesPerSecond);

describe('a party of three', () => {
  test('is together when it begins, through pause and seek, and when somebody comes late', async () => {
    const host = await openParty();
    const guest = await come(host);
    const early = [host, guest];
    await sameStill(early);
    await play(host, early);
    await areTogether('from the beginning', early);

    const late = await come(host);
    const all = [...early, late];
    await untilStats(late, ({ condition }) => condition === 'playing');
    await areTogether('with a late one', all);

    await host.keyboard.press('k');
    await sameStill(all);
    // The middle of what a picture's time is.
    await host.evaluate(() => (window.sfumato!.currentTime = 40.02));
    await sameStill(all, number(40));
    await play(host, all);
    await areTogether('after a pause and a seek', all);

    await host.evaluate(() => (window.sfumato!.currentTime = 10.02));
    for (const page of all) {
      await until(async () => ((await shownNumber(page)) ?? Infinity) < number(20));
    }
    await areTogether('after a seek while it plays', all);
    expect(await Promise.all(all.map(way))).toEqual(['webrtc', 'webrtc', 'webrtc']);
  });

  test('somebody over HLS is with the others', async () => {
    const host = await openParty();
    const [guest, other] = [await come(host), await comeOverHls(host)];
    const all = [host, guest, other];
    await sameStill(all);
    await play(host, all);
    expect(await way(other)).toBe('hls');
    await settled(all);
    await areTogether('with one over HLS', all);
    await host.keyboard.press('k');
    await sameStill(all);
    await host.evaluate(() => (window.sfumato!.currentTime = 30.02));
    await sameStill(all, number(30));
    await play(host, all);
    await settled(all);
    await areTogether('with one over HLS, after a seek', all);
  });

  /** A player that keeps its own time is drawn to the others in some seconds. */
  async function settled(pages: readonly Page[]): Promise<void> {
    await until(async () => (await readTogether(pages, 1_000)).p95 < TOGETHER_MS);
  }

  test('goes at another speed together', async () => {
    const host = await openParty();
    const guest = await come(host);
    const all = [host, guest];
    await play(host, all);
    await host.evaluate(() => (window.sfumato!.media!.playbackRate = 1.5));
    await until(() => guest.evaluate(() => window.sfumato?.media?.playbackRate === 1.5));
    await settled(all);
    await areTogether('at one and a half times the speed', all);
  });

  test('comes together at the end, and begins again', async () => {
    const host = await openParty();
    const guest = await come(host);
    const all = [host, guest];
    await host.evaluate((to) => (window.sfumato!.currentTime = to), SECONDS - 1.5);
    await play(host, all);
    for (const page of all) await untilStats(page, ({ condition }) => condition === 'ended');
    await play(host, all);
    await until(async () => ((await shownNumber(guest)) ?? Infinity) < number(20));
    await areTogether('from the beginning again', all);
  });
});

describe('who steers', () => {
  test('is the host, until everyone may', async () => {
    const host = await openParty();
    const guest = await come(host);
    const all = [host, guest];
    await host.getByText('2 are watching together').waitFor();
    await play(host, all);
    await guest.locator('sfumato-player').focus();
    await guest.keyboard.press('k');
    await guest.getByText('The host plays, pauses and seeks for all.').waitFor();
    expect((await statsOf(guest)).condition).toBe('playing');
    await host.getByLabel('Who may steer').selectOption('everyone');
    await guest.getByText('Everyone may play, pause and seek.').waitFor();
    await guest.locator('sfumato-player').focus();
    await guest.keyboard.press('k');
    await sameStill(all);
  });

  test('the page says who is there; who leaves watches on alone, and the host can end it', async () => {
    const host = await openParty(true);
    const [guest, other] = [await come(host), await come(host)];
    await host.getByText('3 are watching together').waitFor();
    await guest.getByRole('button', { name: 'Leave' }).click();
    await guest.waitForURL((url) => url.search === '');
    await isAlone(guest);
    await host.getByText('2 are watching together').waitFor();
    expect(await violations(host)).toEqual([]);
    await host.getByRole('button', { name: 'End for all' }).click();
    await other.getByText('The host has ended the party.').waitFor();
    await isAlone(other);
    await other.getByRole('button', { name: 'Close this notice' }).click();
    await other.waitForURL((url) => url.search === '');
  });

  test('a party can be opened with the keyboard alone, and its dialog breaks no rule', async () => {
    const page = await signedIn();
    const button = page.getByRole('button', { name: 'Watch together' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Watch together' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Only me' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/party=/);
    await page.getByText('Everyone may play, pause and seek.').waitFor();
  });

  test('is not offered to strangers; a link to no party says so', async () => {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    await page.goto(`${server.url}/watch/${film}`);
    await page.getByRole('button', { name: 'Share' }).waitFor();
    expect(await page.getByRole('button', { name: 'Watch together' }).count()).toBe(0);
    await page.goto(`${server.url}/watch/${film}?party=${'A'.repeat(22)}`);
    await page.getByText('There is no such party.').waitFor();
    await isAlone(page);
  });

  /** Is it the person's own again: does it play, stop and go where they want? */
  async function isAlone(page: Page): Promise<void> {
    await page.evaluate(() => window.sfumato?.play());
    await untilStats(page, ({ condition }) => condition === 'playing');
    await page.evaluate(() => window.sfumato?.pause());
    await untilStats(page, ({ condition }) => condition === 'paused');
    await page.evaluate(() => (window.sfumato!.currentTime = 50.02));
    await until(async () => (await shownNumber(page)) === number(50));
  }
});
