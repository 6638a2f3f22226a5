import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { PASSWORD } from './administrator.ts';
import type { TestApp } from './app.ts';
import { PATIENCE_MS } from './patience.ts';
import { recordSecret } from './run-record.ts';

const run = promisify(execFile);

/** Pictures by ffmpeg's generators, so that they can be told apart. @returns its path */
export async function makePicture(folder: string, name: string, source: string): Promise<string> {
  const path = join(folder, name);
  const still = /\.(png|jpg)$/.test(name);
  const encoder = still
    ? ['-frames:v', '1']
    : ['-t', '3', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await run(process.env['FFMPEG_PATH'] ?? 'ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', source],
    ...[...encoder, path],
  ]);
  return path;
}

/** Behind an MP4, a box that says nothing (ISO/IEC 14496-12, `free`): so its upload takes a while. */
export async function makeLarger(path: string, bytes: number): Promise<void> {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes);
  box.write('free', 4, 'latin1');
  await appendFile(path, box);
}

/** Makes the first account in this page, and opens the library. */
export async function makeAccount(page: Page, { app, url }: TestApp): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS);
  await makeAccountBy((await app.newSetupLink()) ?? '', page, url);
}

/** @param setupLink as the server has said it */
export async function makeAccountBy(setupLink: string, page: Page, url: string): Promise<void> {
  const link = setupLink.replace('localhost', '127.0.0.1');
  recordSecret('a set-up link', link.split('=')[1]);
  recordSecret('a password', PASSWORD);
  await page.goto(link);
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'New Channel' }).waitFor();
  await page.goto(`${url}/library`);
  await page.getByRole('button', { name: 'Add files' }).waitFor();
}

/** Who was logged in before may still be. */
export async function logInIfAsked(page: Page): Promise<void> {
  const logIn = page.getByRole('button', { name: 'Log in' });
  const signedIn = page.getByRole('button', { name: 'Log out' });
  await logIn.or(signedIn).waitFor();
  if (!(await logIn.isVisible())) return;
  await logIn.click();
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await signedIn.waitFor();
}

export function cardOf(page: Page, title: string): Locator {
  return page.locator('.asset', { has: page.getByRole('link', { name: title, exact: true }) });
}

/** Until it is there, and nothing is to be made of it any more. */
export async function untilReady(page: Page, title: string): Promise<void> {
  const card = cardOf(page, title);
  await card.waitFor();
  await card.locator('.picture img, .glyph').first().waitFor();
  await card.locator('.state').waitFor({ state: 'detached' });
}

/** Titles as they are shown. */
export function shownTitles(page: Page): Promise<string[]> {
  return page.locator('.asset .title').allInnerTexts();
}

export async function untilTitles(page: Page, titles: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      JSON.stringify(
        [...document.querySelectorAll('.asset .title')].map((title) => title.textContent),
      ) === wanted,
    JSON.stringify(titles),
  );
}

/** Drops files and folders of the disk onto the page, as a hand does. */
export async function dropOnPage(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 500, data });
  }
  await session.detach();
}

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const visited: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const called = await page.evaluate(() => {
      const element = document.activeElement;
      return (
        element?.getAttribute('aria-label') ??
        element?.closest('label')?.textContent?.trim() ??
        element?.textContent?.trim() ??
        ''
      );
    });
    if (called.startsWith(name)) return;
    visited.push(called);
  }
  throw new Error(`Tab does not lead to ${name}; it led to ${visited.join(' → ')}`);
}
