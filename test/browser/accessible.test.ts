import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { PASSWORD } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { FAKE_DEVICES, launchChromium, openPage } from '../support/chromium.ts';
import { ADMIN_TOKEN, createChannel, untilStudio } from '../support/going-live.ts';

describe.each(['light', 'dark'] as const)('pages that anybody can use, %s', (colorScheme) => {
  let server: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    server = await startApp({ ADMIN_TOKEN });
    browser = await launchChromium('allowed', FAKE_DEVICES);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test('/broadcast, before and on air', async () => {
    const key = await createChannel(server.url, 'studio', 'The studio');
    const { page } = await openPage(browser, `${server.url}/broadcast/studio`, { colorScheme });
    await page.getByLabel('Stream key').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Stream key').fill(key);
    await page.getByRole('button', { name: 'Use this key' }).click();
    await page.getByText('Your connection can send').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go live' }).click();
    await untilStudio(page, ({ phase, layers }) => phase === 'live' && layers.length > 0);
    await page.getByText('Change devices').click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'End the broadcast' }).click();
    expect(await violations(page)).toEqual([]);
  });

  test('/embed', async () => {
    const { page } = await openPage(browser, `${server.url}/embed/studio`, { colorScheme });
    await page.waitForFunction(() => window.sfumato !== undefined);
    expect(await violations(page)).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('the admin page, %s', (colorScheme) => {
  let server: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    server = await startApp();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test('signing in, empty and in use', async () => {
    const link = ((await server.app.newSetupLink()) ?? '').replace('localhost', '127.0.0.1');
    const { page } = await openPage(browser, link, { colorScheme });
    await page.getByLabel('Name').fill('Ada');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New Channel' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page
      .locator('form', { has: page.getByRole('button', { name: 'Create' }) })
      .getByLabel('Title')
      .fill('Studio');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('group', { name: 'Stream key of studio' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete Studio' }).click();
    expect(await violations(page)).toEqual([]);
  });
});
