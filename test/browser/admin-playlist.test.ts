/** The part of the admin page with which a Channel is given what it plays from the library. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { freshDatabase } from '../support/databases.ts';
import { recordSecret } from '../support/run-record.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';

const RENDITION = { role: 'rendition', name: 'video-0.mp4', type: 'video/mp4', bytes: 10 } as const;

/** What is wrong by the rules of axe-core: the rule, and the elements. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

describe.each([
  ['light', { width: 1280, height: 900 }],
  ['dark', { width: 390, height: 844 }],
] as const)('the playlist on the admin page, %s %j', (colorScheme, viewport) => {
  let folder: string;
  let server: TestApp;
  let browser: Browser;
  let stored: LibraryBehind;
  let opened: TestPage;
  let page: Page;
  const ids: Record<string, string> = {};

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const press = async (name: string, key = 'Enter') => {
    await button(name).focus();
    await page.keyboard.press(key);
  };
  const order = () =>
    page.getByRole('list', { name: 'The list' }).locator('li > .grow').allInnerTexts();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  const saved = () =>
    page.evaluate(async () => (await fetch('/api/v1/channels/studio/playlist')).json());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-admin-playlist-'));
    const { DATABASE_URL } = await freshDatabase();
    server = await startApp({ DATA_DIR: folder, DATABASE_URL });
    stored = await openLibrary(server);
    for (const title of ['One', 'Two', 'Three']) {
      const facts = { kind: 'video', state: 'ready', duration: 83, files: [RENDITION] } as const;
      ids[title] = await stored.add({ title, visibility: 'public', ...facts });
    }
    await stored.add({ title: 'A picture', visibility: 'public', kind: 'image' });
    browser = await launchChromium();
    const link = (await server.app.newSetupLink()) ?? '';
    recordSecret('a set-up link', link.split('=')[1]);
    opened = await openPage(browser, link.replace('localhost', '127.0.0.1'), {
      colorScheme,
      viewport,
    });
    page = opened.page;
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    const form = page.locator('form', { has: button('Create') });
    await form.getByLabel('Title').fill('Studio');
    await button('Create').click();
    await button('I have kept it').click();
  });
  afterAll(async () => {
    await browser?.close();
    await stored?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is put together by keyboard', async () => {
    await press('Play from the library on Studio');
    await button('Add Three').waitFor();
    expect(await button('Add A picture').count()).toBe(0);
    await page.getByLabel('Find in the library').fill('tw');
    await page.keyboard.press('Enter');
    await button('Add Three').waitFor({ state: 'detached' });
    await press('Add Two');
    await page.getByLabel('Find in the library').fill('');
    await page.keyboard.press('Enter');
    await press('Add One');
    await press('Add Three', 'Space');
    expect(await order()).toEqual(['Two', 'One', 'Three']);
  });

  test('is put in order, and the focus goes along', async () => {
    await press('Move Two down');
    expect([await order(), await focused()]).toEqual([['One', 'Two', 'Three'], 'Move Two down']);
    await page.keyboard.press('Enter');
    expect([await order(), await focused()]).toEqual([['One', 'Three', 'Two'], 'Move Two up']);
    await page.keyboard.press('Alt+ArrowUp');
    expect(await order()).toEqual(['One', 'Two', 'Three']);
    await page.getByText('Two is number 2 of 3.').waitFor();
    await press('Take Three off the list');
    expect(await order()).toEqual(['One', 'Two']);
    await page.getByLabel('In another order each time').check();
  });

  test('has times, on days or on one date', async () => {
    await press('Add One at a time');
    await page.getByLabel('One begins at').fill('07:30');
    await page.getByRole('group', { name: 'Days of One' }).getByLabel('Sun').uncheck();
    await press('Add Three at a time');
    await page.getByLabel('Three only on').fill('2030-05-06');
    await page.getByRole('group', { name: 'Days of Three' }).waitFor({ state: 'detached' });
  });

  test('is saved, and said to be', async () => {
    await press('Save the list');
    await page.getByText('Saved.').waitFor();
    expect(await saved()).toMatchObject({
      items: [{ assetId: ids['One'] }, { assetId: ids['Two'] }],
      order: 'shuffled',
      loop: true,
      schedule: [
        { at: '07:30', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], assetId: ids['One'] },
        { assetId: ids['Three'] },
      ],
    });
  });

  test('is as accessible as the rest, and no wider than the screen', async () => {
    expect(await violations(page)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
  });

  test('says why nothing of it plays: these have no files', async () => {
    await page.getByText('Nothing of it can be played.').waitFor();
  });

  test('is there again after a reload, and goes when it shall', async () => {
    await page.reload();
    await press('Play from the library on Studio');
    await page.getByRole('list', { name: 'The list' }).getByText('Two').waitFor();
    expect(await page.getByLabel('One begins at').inputValue()).toMatch(/^07:30/);
    await press('Play nothing from the library');
    await page.getByRole('dialog').getByRole('button', { name: 'Play nothing' }).click();
    await page.getByText('The Channel plays nothing from the library.').waitFor();
    expect(opened.complaints).toEqual([]);
  });
});
