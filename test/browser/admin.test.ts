import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { PASSWORD } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { recordSecret } from '../support/run-record.ts';

describe('the admin page', () => {
  let server: TestApp;
  let browser: Browser;
  let opened: TestPage;
  let page: Page;

  beforeAll(async () => {
    server = await startApp();
    browser = await launchChromium();
    const link = (await server.app.newSetupLink()) ?? '';
    recordSecret('a set-up link', link.split('=')[1]);
    recordSecret('a password', PASSWORD);
    opened = await openPage(browser, link.replace('localhost', '127.0.0.1'));
    page = opened.page;
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const shown = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
  const shownSecret = async (label: string) => {
    const value = await shown(label);
    recordSecret(label, value);
    return value;
  };

  test('the set-up link makes the account and is gone from the address', async () => {
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Password').fill('too short');
    await button('Make the account').click();
    expect(await page.getByLabel('Password').evaluate((input) => input.matches(':invalid'))).toBe(
      true,
    );
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New Channel' }).waitFor();
    expect(page.url()).toBe(`${server.url}/admin`);
  });

  test('a Channel is made, its key shown once with the links that need it', async () => {
    const form = page.locator('form', { has: button('Create') });
    await form.getByLabel('Title').fill('Élan Vital');
    expect(await form.getByLabel('Address').inputValue()).toBe('elan-vital');
    await button('Create').click();
    await page.getByRole('group', { name: 'Stream key of elan-vital' }).waitFor();
    const key = await shownSecret('Stream key');
    expect(key).toMatch(/^sk_[\w-]{32}$/);
    expect(await shown('Link for a broadcaster')).toBe(
      `${server.url}/broadcast/elan-vital#key=${key}`,
    );
    expect(await shown('WHIP address for OBS and other encoders')).toBe(
      `${server.url}/whip/elan-vital`,
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Élan Vital' }).waitFor();
    expect(await page.locator('body').innerHTML()).not.toContain('sk_');
  });

  test('a taken address is told in words', async () => {
    const form = page.locator('form', { has: button('Create') });
    await form.getByLabel('Title').fill('Elan vital');
    await button('Create').click();
    await page.getByText('There is a Channel elan-vital already.').waitFor();
    expect(await form.getByLabel('Title').inputValue()).toBe('Elan vital');
  });

  test('title and grace time are changed', async () => {
    await button('Change Élan Vital').click();
    const row = page.getByRole('listitem').first();
    await row.getByLabel('Title').fill('Atelier');
    await row.getByLabel(/Waits for the broadcaster/).fill('5');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Atelier' }).waitFor();
    await button('Change Atelier').click();
    expect(await row.getByLabel(/Waits for the broadcaster/).inputValue()).toBe('5');
    await button('Cancel').click();
  });

  test('a new key and a deletion ask first', async () => {
    await button('New stream key for Atelier').click();
    await page.getByRole('dialog').getByRole('button', { name: 'New stream key' }).click();
    await page.getByRole('group', { name: 'Stream key of elan-vital' }).waitFor();
    await button('Delete Atelier').click();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('heading', { name: 'Atelier' }).count()).toBe(1);
    await button('Delete Atelier').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is none yet.').waitFor();
  });

  test('an API token is shown once and revoked', async () => {
    await page.getByRole('link', { name: 'API tokens' }).click();
    await page.getByLabel('What it is for').fill('nightly');
    await page.getByLabel(/Create, change and delete Channels/).check();
    await button('Make the token').click();
    await page.getByRole('group', { name: 'The new API token' }).waitFor();
    const headers = { authorization: `Bearer ${await shownSecret('API token')}` };
    const ask = () => fetch(`${server.url}/api/v1/session`, { headers });
    expect((await ask()).status).toBe(200);
    await button('Revoke nightly').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await button('Revoke nightly').waitFor({ state: 'detached' });
    expect((await ask()).status).toBe(401);
    await page.getByRole('link', { name: 'Channels' }).click();
  });

  test('logging out and in again', async () => {
    await button('Log out').click();
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('not the password');
    await button('Log in').click();
    await page.getByText('The name or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await button('Log in').click();
    await page.getByRole('heading', { name: 'New Channel' }).waitFor();
  });

  test('a session that has ended asks for a new login', async () => {
    await page.context().clearCookies();
    await page
      .locator('form', { has: button('Create') })
      .getByLabel('Title')
      .fill('Late');
    await button('Create').click();
    await button('Log in').waitFor();
  });

  test('and nothing was complained of in the developer tools', () => {
    expect(opened.complaints).toEqual([]);
  });
});

describe('pages that may use a camera', () => {
  test('are the broadcast pages alone', async () => {
    const server = await startApp();
    const policy = async (path: string) =>
      (await fetch(`${server.url}${path}`)).headers.get('Permissions-Policy');
    const nothing = 'camera=(), microphone=(), display-capture=()';
    for (const path of ['/', '/admin', '/watch/one', '/api/v1/channels', '/nothing']) {
      expect(await policy(path)).toBe(nothing);
    }
    expect(await policy('/broadcast/one')).toBe(
      'camera=(self), microphone=(self), display-capture=(self)',
    );
    await server.close();
  });
});
