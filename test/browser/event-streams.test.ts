/** What pages of Assets do with their streams of events: browsers have few connections, servers few streams. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { setUpAdministrator } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { launchChromium } from '../support/chromium.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { makeCodedFilm, makeStill } from '../support/stored-clips.ts';

const PUBLIC = { visibility: 'public' } as const;

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let cookie = '';
let film = '';
let still = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-streams-'));
  server = await startApp();
  cookie = await setUpAdministrator(server);
  library = await openLibrary(server);
  browser = await launchChromium();
  film = await library.put(await makeCodedFilm(folder, 20), { title: 'A film', ...PUBLIC });
  still = await library.put(await makeStill(folder), { title: 'A still', ...PUBLIC });
  for (const id of [film, still]) await library.ready(id);
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const address = (id: string) => `${server.url}/watch/${id}`;

async function change(id: string, changes: object): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/assets/${id}`, {
    method: 'PATCH',
    headers: { cookie, origin: server.url, 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });
  if (!response.ok) throw new Error(await response.text());
}

test('pages that are not looked at leave the connections to others, and look when they are shown', async () => {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  // Chromium without a window shows all pages at once.
  await context.addInitScript(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  });
  try {
    // HTTP/1.1 has six connections to one server.
    const pages: Page[] = [];
    for (let count = 0; count < 7; count += 1) {
      const page = await context.newPage();
      await page.goto(address(still));
      await page.getByRole('heading', { name: 'A still' }).waitFor();
      pages.push(page);
    }
    await change(still, { title: 'Still a still' });
    const [first] = pages;
    await first?.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await first?.getByRole('heading', { name: 'Still a still' }).waitFor();
    await change(still, { title: 'A still' });
    await first?.getByRole('heading', { name: 'A still', exact: true }).waitFor();
  } finally {
    await context.close();
  }
});

test('a stream of events that is refused is left alone for a while', async () => {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const asked: string[] = [];
  try {
    const page = await context.newPage();
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.route('**/assets/events*', (route) => route.fulfill({ status: 429, json: {} }));
    await page.goto(address(film));
    await until(async () => (await page.evaluate(() => window.sfumato?.currentTime ?? -1)) > 4);
    expect(asked.filter((path) => path === '/api/v1/assets/events')).toHaveLength(1);
    const looks = asked.filter((path) => path === `/api/v1/assets/${film}`);
    expect(looks.length).toBeLessThanOrEqual(2);
  } finally {
    await context.close();
  }
});
