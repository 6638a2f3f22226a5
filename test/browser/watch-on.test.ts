import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { setUpAdministrator } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { cardOf, tabTo } from '../support/library-page.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { makeCodedFilm, makeStill, makeTune } from '../support/stored-clips.ts';
import { untilStats } from '../support/watching.ts';

/** Long enough to be gone on with. */
const LONG = 64;
const SHORT = 8;
const PUBLIC = { visibility: 'public' } as const;

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let cookie = '';
let collection = '';
const ids = { long: '', short: '', tune: '', still: '' };
const contexts: BrowserContext[] = [];
/** Errors that nobody caught. */
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-watch-on-'));
  server = await startApp();
  cookie = await setUpAdministrator(server);
  library = await openLibrary(server);
  browser = await launchChromium();
  const long = await makeCodedFilm(folder, LONG, 'long.mkv');
  const short = await makeCodedFilm(folder, SHORT, 'short.mkv');
  ids.long = await library.put(long, { title: 'A long film', ...PUBLIC });
  ids.short = await library.put(short, { title: 'A short film', ...PUBLIC });
  ids.tune = await library.put(await makeTune(folder, 20), { title: 'A tune', ...PUBLIC });
  ids.still = await library.put(await makeStill(folder), { title: 'A still', ...PUBLIC });
  for (const id of Object.values(ids)) await library.ready(id);
  collection = await post('/collections', { title: 'All of them', visibility: 'public' });
  const assetIds = [ids.still, ids.short, ids.long, ids.tune];
  await post(`/collections/${collection}/items`, { assetIds });
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  await ask('DELETE', `/assets/${ids.long}/position`);
  expect(complaints.splice(0)).toEqual([]);
});

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { cookie, origin: server.url, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const post = async (path: string, body: object) =>
  String(Reflect.get(Object(await ask('POST', path, body)), 'id'));

/** Seconds that the server keeps of the long film; null for none. */
async function kept(): Promise<number | null> {
  const { position } = Object(await ask('GET', `/assets/${ids.long}/position`));
  return position === null ? null : Number(position.seconds);
}

/** A device: a browser with nothing in it yet. */
async function device(of: 'person' | 'stranger', options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  contexts.push(context);
  context.setDefaultTimeout(PATIENCE_MS);
  const [name = '', value = ''] = cookie.split('=');
  if (of === 'person') await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  // Whoever has logged in has been on a page that knows it.
  await page.goto(`${server.url}/library`);
  await cardOf(page, 'A long film').first().waitFor();
  return page;
}

async function watch(page: Page, id: string, query = ''): Promise<void> {
  await page.goto(`${server.url}/watch/${id}${query}`);
  await plays(page);
}

/** Waits until the Asset of the address plays. */
async function plays(page: Page): Promise<void> {
  await until(() => page.evaluate(() => (window.sfumato?.stats() ?? null) !== null));
  await until(() =>
    page.evaluate(() => location.pathname.endsWith(window.sfumato?.asset?.id ?? 'none')),
  );
  await untilStats(page, ({ condition }) => condition === 'playing');
}

const position = (page: Page) => page.evaluate(() => window.sfumato?.currentTime ?? -1);
const seek = (page: Page, seconds: number) =>
  page.evaluate((to) => {
    if (window.sfumato !== undefined) window.sfumato.currentTime = to;
  }, seconds);
const pause = async (page: Page) => {
  await page.evaluate(() => window.sfumato?.pause());
  await untilStats(page, ({ condition }) => condition === 'paused');
};
const heading = (page: Page, title: string) =>
  page.getByRole('heading', { level: 1, name: title }).waitFor();

describe('somebody who is logged in', () => {
  test('goes on where they were, on another device', async () => {
    const one = await device('person');
    await watch(one, ids.long);
    await seek(one, 40);
    await untilStats(one, ({ condition }) => condition === 'playing');
    await pause(one);
    await until(async () => ((await kept()) ?? 0) >= 40);
    const other = await device('person');
    const row = other.getByRole('region', { name: 'Continue watching' });
    await row.getByRole('link', { name: 'A long film' }).click();
    await plays(other);
    expect(await position(other)).toBeGreaterThanOrEqual(40);
    expect(await position(other)).toBeLessThan(60);
    await other.getByText('Continued at 0:40').waitFor();
  });

  test('is kept when the page is just left, and every ten seconds', async () => {
    const page = await device('person');
    await watch(page, ids.long);
    await seek(page, 30);
    await untilStats(page, ({ condition }) => condition === 'playing');
    await until(async () => (await position(page)) > 31);
    await page.goto('about:blank');
    await until(async () => ((await kept()) ?? 0) > 30.9);
    await watch(page, ids.long);
    expect(await position(page)).toBeGreaterThan(30.9);
    const before = (await kept()) ?? 0;
    await until(async () => ((await kept()) ?? 0) > before + 8);
  });

  test('from the beginning, by keyboard; watched to its end nothing is kept', async () => {
    await ask('PUT', `/assets/${ids.long}/position`, { seconds: 50 });
    const page = await device('person');
    await watch(page, ids.long);
    expect(await position(page)).toBeGreaterThanOrEqual(50);
    await page.getByRole('button', { name: 'From the beginning' }).waitFor();
    await tabTo(page, 'From the beginning');
    await page.keyboard.press('Enter');
    await until(async () => (await position(page)) < 20);
    expect(await page.locator('.resumed').count()).toBe(0);
    await seek(page, LONG - 1);
    await untilStats(page, ({ condition }) => condition === 'ended');
    await until(async () => (await kept()) === null);
  });

  test('on a browser that nobody knew, it begins, and offers to go on', async () => {
    await ask('PUT', `/assets/${ids.long}/position`, { seconds: 50 });
    const page = await device('person');
    await page.evaluate(() => localStorage.clear());
    await watch(page, ids.long);
    await page.getByText('You were at 0:50').waitFor();
    expect(await position(page)).toBeLessThan(30);
    await page.getByRole('button', { name: 'Go on there' }).click();
    await until(async () => (await position(page)) >= 50);
  });

  test('the row of what was begun, and what is taken out of it', async () => {
    await ask('PUT', `/assets/${ids.long}/position`, { seconds: 30 });
    const page = await device('person');
    const row = page.getByRole('region', { name: 'Continue watching' });
    await row.getByText('47 % watched').waitFor();
    await page.locator('.assets').getByText('47 % watched').waitFor();
    await row.getByRole('button', { name: 'Remove A long film from this row' }).focus();
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
    await page.getByText('“A long film” is removed from this row.').waitFor();
    expect(await kept()).toBeNull();
    expect(await page.getByText('47 % watched').count()).toBe(0);
  });
});

describe('a stranger', () => {
  test('goes on after a reload; ?t= wins; the server is told nothing', async () => {
    const page = await device('stranger');
    const told: string[] = [];
    page.on('request', (request) => {
      if (/\/api\/.*position/.test(request.url())) told.push(request.url());
    });
    await watch(page, ids.long);
    await seek(page, 35);
    await untilStats(page, ({ condition }) => condition === 'playing');
    await pause(page);
    await page.reload();
    await plays(page);
    expect(await position(page)).toBeGreaterThanOrEqual(35);
    await page.getByText('Continued at 0:35').waitFor();
    await watch(page, ids.long, '?t=10');
    expect(await position(page)).toBeLessThan(35);
    expect(await page.locator('.resumed').count()).toBe(0);
    await page.goto(`${server.url}/library`);
    await page.getByRole('region', { name: 'Continue watching' }).waitFor();
    expect(told).toEqual([]);
  });

  test('a short film begins anew', async () => {
    const page = await device('stranger');
    await watch(page, ids.short);
    await seek(page, 5);
    await pause(page);
    await page.reload();
    await plays(page);
    expect(await position(page)).toBeLessThan(5);
    expect(await page.locator('.resumed').count()).toBe(0);
  });
});

describe('in a collection', () => {
  const inside = () => `?collection=${collection}`;
  const present = (page: Page) =>
    page.locator('.listed [aria-current]').getByText(/./).last().innerText();

  test('the library leads into it, and the list has the present one marked', async () => {
    const page = await device('stranger');
    await page.goto(`${server.url}/library${inside()}`);
    await page.getByRole('link', { name: 'A short film' }).click();
    await plays(page);
    expect(page.url()).toBe(`${server.url}/watch/${ids.short}${inside()}`);
    const list = page.getByRole('navigation', { name: 'In the collection' });
    expect(await list.getByRole('listitem').count()).toBe(4);
    expect(await present(page)).toBe('A short film');
    await list.getByRole('link', { name: 'A tune' }).click();
    await heading(page, 'A tune');
    expect(await present(page)).toBe('A tune');
    await page.goBack();
    await heading(page, 'A short film');
    await plays(page);
  });

  test('by keyboard: film, sound and image, there and back, in one page', async () => {
    const page = await device('stranger');
    await watch(page, ids.long, inside());
    await page.evaluate(() => Reflect.set(window, 'samePage', true));
    await page.keyboard.press('Shift+N');
    await heading(page, 'A tune');
    await plays(page);
    await page.keyboard.press('Shift+P');
    await page.keyboard.press('Shift+P');
    await heading(page, 'A short film');
    await plays(page);
    await page.keyboard.press('Shift+P');
    await page.getByRole('img', { name: 'A still' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await heading(page, 'A short film');
    await plays(page);
    expect(await page.evaluate(() => Reflect.get(window, 'samePage'))).toBe(true);
  });

  test('at the end it counts down, and goes on; in full screen it stays so', async () => {
    const page = await device('stranger');
    await watch(page, ids.short, inside());
    await page.keyboard.press('f');
    await until(() => page.evaluate(() => document.fullscreenElement !== null));
    await seek(page, SHORT - 0.5);
    await page.getByText(/Next in [1-5] s/).waitFor();
    expect(await page.getByText('Next: A long film, begins in a few seconds.').count()).toBe(1);
    await heading(page, 'A long film');
    await plays(page);
    expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
    expect(await page.getByText('Next in').count()).toBe(0);
  });

  test('it can be stopped, played at once, and switched off for good', async () => {
    const page = await device('stranger');
    await watch(page, ids.short, inside());
    await seek(page, SHORT - 0.5);
    await page.getByText(/Next in/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/Next in/).waitFor({ state: 'detached' });
    await page.getByLabel('Go on to the next one by itself').uncheck();
    await page.reload();
    await plays(page);
    await seek(page, SHORT - 0.5);
    await page.getByRole('button', { name: 'Play now' }).waitFor();
    expect(await page.getByText(/Next in/).count()).toBe(0);
    await tabTo(page, 'Play now');
    await page.keyboard.press('Enter');
    await heading(page, 'A long film');
    await plays(page);
  });
});

test('loop, and a link to the moment', async () => {
  const page = await device('stranger', { permissions: ['clipboard-read', 'clipboard-write'] });
  await watch(page, ids.short, '?loop=1');
  expect(await page.getByRole('button', { name: 'Loop' }).getAttribute('aria-pressed')).toBe(
    'true',
  );
  await seek(page, SHORT - 0.5);
  await until(async () => (await position(page)) < 3);
  await page.getByRole('button', { name: 'Loop' }).click();
  expect(page.url()).toBe(`${server.url}/watch/${ids.short}`);
  await pause(page);
  await seek(page, 6);
  await page.getByRole('button', { name: 'Link to this moment' }).click();
  await page.getByRole('button', { name: 'Link copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(`${server.url}/watch/${ids.short}?t=6`);
});

test('how captions look is chosen, and remembered', async () => {
  const page = await device('stranger');
  await watch(page, ids.short);
  await page.locator('.caption-style summary').click();
  await page.getByLabel('Size').selectOption('Large');
  await page.getByLabel('Behind the words').selectOption('Black');
  const worn = () => page.evaluate(() => window.sfumato?.style.getPropertyValue('--captions-size'));
  expect(await worn()).toBe('1.4');
  await page.reload();
  await plays(page);
  expect(await worn()).toBe('1.4');
  expect(await page.getByLabel('Behind the words').inputValue()).toBe('full');
});

describe.each(['light', 'dark'] as const)('for everybody, %s', (colorScheme) => {
  test('going on, the end, and the row', async () => {
    await ask('PUT', `/assets/${ids.long}/position`, { seconds: 30 });
    const page = await device('person', { colorScheme });
    await page.getByRole('region', { name: 'Continue watching' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await watch(page, ids.long, `?collection=${collection}`);
    await page.locator('.resumed').waitFor();
    await pause(page);
    await page.getByRole('navigation', { name: 'In the collection' }).waitFor();
    await page.locator('.caption-style summary').click();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Go on to the next one by itself').uncheck();
    await page.evaluate(() => window.sfumato?.play());
    await seek(page, LONG - 0.5);
    await page.getByRole('button', { name: 'Play now' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
