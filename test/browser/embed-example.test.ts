import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type TestApp, startApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { until } from '../support/live-server.ts';
import { makeCodedFilm } from '../support/stored-clips.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/example.mjs');

let folder = '';
let clip = '';
let example: ChildProcess | undefined;
/** What it printed: where the page is, and what the server needs. */
let printed = '';
let server: TestApp | undefined;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-example-'));
  example = spawn(process.execPath, [SCRIPT, '0'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  example.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await until(() => /ALLOWED_ORIGINS=\S+\n/.test(printed));
  clip = await makeCodedFilm(folder, 20, 'onair.mkv');
  browser = await launchChromium('allowed', ['--test-third-party-cookie-phaseout']);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (example?.kill() === true) await once(example, 'exit');
  await rm(folder, { recursive: true, force: true });
});

/** The page's address, for a Channel of a server that is not named as the page is. */
function address({ url }: TestApp): string {
  const page = new URL(printed.split('\n')[0] ?? '');
  page.searchParams.set('server', url.replace('127.0.0.1', 'localhost'));
  page.searchParams.set('id', 'onair');
  return page.href;
}

const inFrame = (page: Page) =>
  page
    .frames()
    .find((frame) => frame.url().includes('/embed/'))
    ?.evaluate(() => window.sfumato?.stats()?.framesPresented ?? 0) ?? Promise.resolve(0);

const without = (page: Page) =>
  page
    .locator('sfumato-player')
    .evaluate((player) => Reflect.get(player, 'stats')?.call(player)?.framesPresented ?? 0);

const goesOn = async (page: Page, count: (page: Page) => Promise<number>) => {
  const before = await count(page);
  await until(async () => (await count(page)) > before + 10);
};

test('the example page: a live Channel in a frame and without one, driven by the SDK', async () => {
  const setting = /ALLOWED_ORIGINS=(\S+)/.exec(printed)?.[1] ?? '';
  server = await startApp({ ALLOWED_ORIGINS: setting });
  await server.app.putOnAir([clip]);
  const { page, complaints } = await openPage(browser, address(server));
  await goesOn(page, inFrame);
  await goesOn(page, without);
  expect(page.frames()).toHaveLength(2);
  await page.getByText('The player itself, a part of this page.').waitFor();

  const log = page.getByRole('log');
  const button = (name: string) =>
    page.getByRole('group', { name: 'Playing' }).getByRole('button', { name, exact: true });
  await button('Pause').click();
  await log.getByText(/ pause$/).waitFor();
  const paused = await log.getByText(/ play$/).count();
  await button('Play').click();
  await until(async () => (await log.getByText(/ play$/).count()) > paused);
  await goesOn(page, inFrame);
  await button('Unmute').click();
  await button('Mute').waitFor();
  expect(await page.getByRole('textbox', { name: /^Captions/ }).count()).toBe(0);
  // Its own figures say the same.
  const row = page.getByRole('row', { name: /^Frames shown/ }).getByRole('cell');
  await until(async () => (await row.allTextContents()).every((text) => Number(text) > 10));

  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(complaints).toEqual([]);
});

test('where the site is not named it is a frame twice, and it is said what to set', async () => {
  const strict = await startApp();
  try {
    await strict.app.putOnAir([clip]);
    const { page } = await openPage(browser, address(strict));
    await page.getByText(`Set ALLOWED_ORIGINS=${new URL(page.url()).origin}`).waitFor();
    await until(() => page.frames().length === 3);
  } finally {
    await strict.close();
  }
});
