import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { setUpAdministrator } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { openLibrary } from '../support/library.ts';
import {
  cardOf,
  dropOnPage,
  makeAccount,
  makePicture,
  shownTitles,
  tabTo,
  untilReady,
  untilTitles,
} from '../support/library-page.ts';
import { recordSecret } from '../support/run-record.ts';

const createdSchema = z.object({ id: z.string(), token: z.string().optional() });

let folder = '';
let browser: Browser;
const FILES: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-library-'));
  await mkdir(join(folder, 'holidays', 'day two'), { recursive: true });
  FILES['journey'] = await makePicture(folder, 'Journey.mp4', 'mandelbrot=s=320x180:r=12');
  await makePicture(join(folder, 'holidays'), 'Dusk_at_sea.jpg', 'gradients=s=640x360');
  await makePicture(join(folder, 'holidays', 'day two'), 'Cells.mp4', 'cellauto=s=320x180:r=12');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the library page', () => {
  let server: TestApp;
  let opened: TestPage;
  let page: Page;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const dialog = () => page.getByRole('dialog');

  beforeAll(async () => {
    server = await startApp();
    opened = await openPage(browser, 'about:blank');
    page = opened.page;
    await makeAccount(page, server);
  });
  afterAll(async () => {
    await page.context().close();
    await server.close();
  });

  test('a chosen file goes up, is seen to be made, and is ready; each is there once', async () => {
    const chooser = page.waitForEvent('filechooser');
    // As in a browser without the File System Access API.
    await page.evaluate('window.showOpenFilePicker = undefined');
    await button('Add files').click();
    await (await chooser).setFiles(FILES['journey'] ?? '');
    await page.getByText('1 of 1 file uploaded.').waitFor();
    await untilReady(page, 'Journey');
    await page.locator('.upload').getByRole('link', { name: 'Watch' }).waitFor();
    expect(await shownTitles(page)).toEqual(['Journey']);
  });

  test('a folder is dropped, with what is in the folders in it', async () => {
    await dropOnPage(page, [join(folder, 'holidays')]);
    await untilReady(page, 'Dusk at sea');
    await untilReady(page, 'Cells');
    expect((await shownTitles(page)).toSorted()).toEqual(['Cells', 'Dusk at sea', 'Journey']);
    await button('Clear what is done').click();
    await page.getByRole('heading', { name: 'Uploads' }).waitFor({ state: 'detached' });
  });

  test('a second copy is noticed', async () => {
    await page.locator('input[data-of=files]').setInputFiles(FILES['journey'] ?? '');
    await page.getByText('The library has the same file already').waitFor();
    await button('Delete this one').click();
    await page.waitForFunction(() => document.querySelectorAll('.asset').length === 3);
  });

  test('the preview strip plays where the card is pointed at', async () => {
    await cardOf(page, 'Journey').hover();
    await page.locator('library-preview canvas').waitFor();
    const seen = () =>
      page.locator('.through').evaluate((element) => element.getAttribute('style'));
    const before = await seen();
    await page.waitForFunction(
      (style) =>
        ![null, style].includes(document.querySelector('.through')?.getAttribute('style') ?? null),
      before,
    );
    await page.getByRole('heading', { name: 'Library', exact: true }).hover();
    await page.locator('library-preview canvas').waitFor({ state: 'detached' });
  });

  test('and does not for those who want less motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const asked = page.waitForRequest(/preview\.vtt/, { timeout: 1_500 }).then(
      () => true,
      () => false,
    );
    await cardOf(page, 'Cells').hover();
    expect(await asked).toBe(false);
    await page.emulateMedia({ reducedMotion: null });
  });

  test('words find it; the address says so, and back goes back', async () => {
    await page.getByRole('searchbox').fill('dusk');
    await untilTitles(page, ['Dusk at sea']);
    expect(page.url()).toBe(`${server.url}/library?text=dusk`);
    await page.reload();
    await untilTitles(page, ['Dusk at sea']);
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('.asset').length === 3);
    await page.getByLabel('Kind').selectOption('Image');
    await untilTitles(page, ['Dusk at sea']);
    await page.getByLabel('Kind').selectOption('All kinds');
    await page.getByLabel('Order').selectOption('By title');
    await untilTitles(page, ['Cells', 'Dusk at sea', 'Journey']);
  });

  test('one is edited', async () => {
    await cardOf(page, 'Cells').hover();
    await button('Edit Cells').click();
    await dialog().getByLabel('Title').fill('Cells, alive');
    await dialog().getByLabel(/^Tags/).fill('study, night');
    await dialog().getByLabel('Who sees it').selectOption('public');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await cardOf(page, 'Cells, alive').getByText('Public').waitFor();
    expect(await cardOf(page, 'Cells, alive').locator('.tags span').allInnerTexts()).toEqual([
      'night',
      'study',
    ]);
  });

  test('a collection is made, filled by selecting many, and put in order', async () => {
    await button('New collection').click();
    await dialog().getByLabel('Title').fill('Studies');
    await dialog().getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('link', { name: 'Studies' }).waitFor();
    await page.getByLabel('Select Cells, alive').click();
    await page.getByLabel('Select Journey').click({ modifiers: ['Shift'] });
    await page.getByText('3 items selected').waitFor();
    await button('Edit').and(page.locator('.batch button')).click();
    await dialog()
      .getByLabel(/^Add tags/)
      .fill('all');
    await dialog().getByLabel('Put them into a collection').selectOption({ label: 'Studies' });
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Studies' }).click();
    await untilTitles(page, ['Cells, alive', 'Dusk at sea', 'Journey']);
    await button('Move Journey earlier').focus();
    await page.keyboard.press('Enter');
    await untilTitles(page, ['Cells, alive', 'Journey', 'Dusk at sea']);
    await page.reload();
    await untilTitles(page, ['Cells, alive', 'Journey', 'Dusk at sea']);
    expect(await page.locator('.tags span', { hasText: 'all' }).count()).toBe(3);
  });

  test('things are taken out of it, it is deleted, and they stay', async () => {
    await page.getByLabel('Select Journey').focus();
    await page.keyboard.press('Space');
    await button('Take out of “Studies”').click();
    await untilTitles(page, ['Cells, alive', 'Dusk at sea']);
    await page
      .getByRole('group', { name: 'This collection' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.asset').length === 3);
    expect(page.url()).toBe(`${server.url}/library`);
  });

  test('a stranger sees what is public, and nothing to change it by', async () => {
    const stranger = await openPage(browser, `${server.url}/library`);
    await untilTitles(stranger.page, ['Cells, alive']);
    expect(await stranger.page.getByRole('button').allInnerTexts()).toEqual(['Log in']);
    expect(stranger.complaints).toEqual([]);
    await stranger.page.context().close();
  });

  test('many are deleted, after asking', async () => {
    await page.getByLabel('Select Journey').focus();
    await page.keyboard.press('Space');
    await button('Select all shown').click();
    await button('Delete').click();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(await shownTitles(page)).toHaveLength(3);
    await button('Delete').click();
    await dialog().getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('Nothing is here yet').waitFor();
  });

  test('and nothing was complained of in the developer tools', () => {
    expect(opened.complaints).toEqual([]);
  });
});

test('the whole way by keyboard alone', async () => {
  const server = await startApp();
  const { page } = await openPage(browser, 'about:blank');
  await makeAccount(page, server);
  await page.evaluate('window.showOpenFilePicker = undefined');
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, 'Add files');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(FILES['journey'] ?? '');
  await untilReady(page, 'Journey');
  await tabTo(page, 'Edit Journey');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'Description');
  await page.keyboard.type('Ever further in');
  await page.keyboard.press('Tab');
  await page.keyboard.type('deep');
  await page.keyboard.press('Enter');
  await cardOf(page, 'Journey').getByText('deep').waitFor();
  await page.reload();
  await cardOf(page, 'Journey').waitFor();
  await tabTo(page, 'New collection');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Studies');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Studies' }).waitFor();
  await tabTo(page, 'Search the library');
  await page.keyboard.type('further');
  // What is typed is looked for after a moment, and nothing is selected then.
  await page.waitForURL(/text=further/);
  await untilTitles(page, ['Journey']);
  await tabTo(page, 'Select Journey');
  await page.keyboard.press('Space');
  await tabTo(page, 'Delete');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'Delete for good');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing is found').waitFor();
  await page.context().close();
  await server.close();
});

test('others’ Assets and collections are shown without what would change them', async () => {
  const server = await startApp();
  const cookie = await setUpAdministrator(server);
  const ask = async (path: string, body: object, headers: Record<string, string>) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method: 'POST',
      headers: { ...headers, origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return createdSchema.parse(await answer.json());
  };
  const made = await ask('/tokens', { name: 'ada', scopes: ['library:write'] }, { cookie });
  const headers = { authorization: `Bearer ${made.token}` };
  recordSecret('a token', made.token);
  // Two of the same name.
  const library = await openLibrary(server);
  for (const [title, id] of [
    ['Mine', made.id],
    ['Theirs', 'somebody'],
  ] as const) {
    const asset = { title, visibility: 'public', kind: 'video' } as const;
    await library.assets.create(asset, { id, name: 'ada' });
  }
  const theirs = await ask('/collections', { title: 'Kept', visibility: 'public' }, { cookie });
  const { page } = await openPage(browser, 'about:blank', { extraHTTPHeaders: headers });
  await page.goto(`${server.url}/library`);
  await cardOf(page, 'Theirs').waitFor();
  const offered = (title: string) => cardOf(page, title).locator('button, input').count();
  expect([await offered('Mine'), await offered('Theirs')]).toEqual([2, 0]);
  await page.goto(`${server.url}/library?collection=${theirs.id}`);
  await page.getByRole('heading', { name: 'Kept' }).waitFor();
  expect(await page.getByRole('button', { name: 'Move up' }).count()).toBe(0);
  await page.context().close();
  await library.close();
  await server.close();
});

describe.each(['light', 'dark'] as const)('for everybody, %s', (colorScheme) => {
  test('axe finds nothing: empty, logging in, uploading, full, with dialogs', async () => {
    const server = await startApp();
    const { page } = await openPage(browser, `${server.url}/library`, { colorScheme });
    await page.getByText('Nothing is here yet').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await violations(page)).toEqual([]);
    await makeAccount(page, server);
    await page.locator('input[data-of=files]').setInputFiles(FILES['journey'] ?? '');
    await page.locator('.upload').waitFor();
    expect(await violations(page)).toEqual([]);
    await untilReady(page, 'Journey');
    await page.getByLabel('Select Journey').focus();
    await page.keyboard.press('Space');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit Journey' }).click();
    await page.getByText('made of it').click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);
    await page.context().close();
    await server.close();
  });
});
