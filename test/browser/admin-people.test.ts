import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { PASSWORD } from '../support/administrator.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { FAKE_DEVICES, launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { recordPlaybackToken, recordSecret } from '../support/run-record.ts';

let server: TestApp;
let browser: Browser;
let ada: TestPage;
/** Who was invited, in a browser of their own. */
let bob: TestPage;

beforeAll(async () => {
  server = await startApp();
  browser = await launchChromium('allowed', FAKE_DEVICES);
  const link = (await server.app.newSetupLink()) ?? '';
  recordSecret('a set-up link', link.split('=')[1]);
  recordSecret('a password', PASSWORD);
  ada = await open(link.replace('localhost', '127.0.0.1'));
  await fillIn(ada.page, 'Ada');
  await ada.page.getByRole('button', { name: 'Make the account' }).click();
  await ada.page.getByRole('heading', { name: 'New Channel' }).waitFor();
  await makeChannel(ada.page, 'Studio');
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(url: string): Promise<TestPage> {
  const opened = await openPage(browser, url);
  opened.page.setDefaultTimeout(PATIENCE_MS);
  return opened;
}

async function fillIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
}

async function makeChannel(page: Page, title: string): Promise<void> {
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Create' }) });
  await form.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Create' }).click();
  const key = page.getByLabel('Stream key', { exact: true });
  recordSecret('a stream key', await key.inputValue());
  await page.getByRole('button', { name: 'I have kept it' }).click();
}

const goTo = (page: Page, part: string) =>
  page.getByRole('navigation', { name: 'Administer' }).getByRole('link', { name: part }).click();

const lineOf = (page: Page, name: string): Locator =>
  page
    .getByRole('list', { name: 'Accounts' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name }) });

describe('people', () => {
  test('an invitation makes an account in another browser, and its link is gone from the address', async () => {
    await goTo(ada.page, 'People');
    await ada.page.getByLabel('For whom').fill('Bob of the radio');
    await ada.page.getByLabel('Their role').selectOption('broadcaster');
    await ada.page.getByRole('button', { name: 'Make the link' }).click();
    const link = await ada.page.getByRole('textbox', { name: 'Invitation' }).inputValue();
    recordSecret('an invitation', link.split('=')[1]);
    await ada.page.getByText('For Bob of the radio').waitFor();

    bob = await open(link);
    await bob.page.getByRole('heading', { name: 'You are invited' }).waitFor();
    expect(bob.page.url()).toBe(`${server.url}/admin`);
    await bob.page.reload();
    await fillIn(bob.page, 'Bob');
    await bob.page.getByRole('button', { name: 'Make my account' }).click();
    await bob.page.getByRole('heading', { name: 'Studio' }).waitFor();
  });

  test('a broadcaster has Channels to go live on without a key, and nothing to change', async () => {
    const { page } = bob;
    expect(await page.getByRole('heading', { name: 'New Channel' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Delete Studio' }).count()).toBe(0);
    const parts = page.getByRole('navigation', { name: 'Administer' }).getByRole('link');
    expect(await parts.allTextContents()).toEqual(['Channels', 'API tokens', 'You']);
    await page.getByRole('link', { name: 'Go live on Studio' }).click();
    await page.getByText('You go live as bob.').waitFor();
    expect(await page.getByLabel('Stream key').count()).toBe(0);
    await page.getByRole('button', { name: 'Go live' }).click();
    await page.getByText('You are on air.').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'End the broadcast' }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByRole('button', { name: 'Go live' }).waitFor();
    await page.goBack();
  });

  test('the role is seen and changed', async () => {
    const { page } = ada;
    await page.reload();
    const line = lineOf(page, 'bob');
    await line.getByText('Broadcaster', { exact: true }).waitFor();
    await line.getByRole('button', { name: 'Change role of bob' }).click();
    await line.getByLabel('Role of bob').selectOption('viewer');
    await line.getByRole('button', { name: 'Save' }).click();
    await line.getByText('Viewer', { exact: true }).waitFor();
    await bob.page.reload();
    await bob.page.getByRole('heading', { name: 'Your password' }).waitFor();
    expect(await bob.page.getByRole('navigation', { name: 'Administer' }).count()).toBe(0);
  });

  test('a login is ended, and its browser has to log in again', async () => {
    const line = lineOf(ada.page, 'bob');
    await line.getByRole('button', { name: 'Logins of bob' }).click();
    await line.getByRole('button', { name: /^End the login in Chrome on Linux/ }).click();
    await line.getByText('Logged in nowhere.').waitFor();
    await bob.page.reload();
    await bob.page.getByRole('button', { name: 'Log in' }).waitFor();
  });

  test('a disabled account cannot log in', async () => {
    await ada.page.getByRole('button', { name: 'Disable bob' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await ada.page.getByRole('button', { name: 'Enable bob' }).waitFor();
    await fillIn(bob.page, 'bob');
    await bob.page.getByRole('button', { name: 'Log in' }).click();
    await bob.page.locator('[role=alert]').filter({ hasText: /\w/ }).waitFor();
  });

  test('whoever comes to log in goes back to where they were, on this server only', async () => {
    await ada.page.getByRole('button', { name: 'Enable bob' }).click();
    await ada.page.getByRole('button', { name: 'Disable bob' }).waitFor();
    await bob.page.goto(`${server.url}/admin?next=%2Fwatch%2Fstudio%3Ft%3D3`);
    await fillIn(bob.page, 'bob');
    await bob.page.getByRole('button', { name: 'Log in' }).click();
    await bob.page.waitForURL(`${server.url}/watch/studio?t=3`);
    await bob.page.goto(`${server.url}/admin?next=https%3A%2F%2Fevil.example`);
    await bob.page.getByRole('heading', { name: 'Your password' }).waitFor();
  });

  test('a new password of one’s own ends all other logins', async () => {
    const other = await open(`${server.url}/admin`);
    await fillIn(other.page, 'bob');
    await other.page.getByRole('button', { name: 'Log in' }).click();
    await other.page.getByText('This one').waitFor();
    const { page } = bob;
    await page.getByLabel('Present password').fill(PASSWORD);
    recordSecret('another password', `${PASSWORD} again`);
    await page.getByLabel('New password').fill(`${PASSWORD} again`);
    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByText('Your password is changed.').waitFor();
    const logins = page.getByRole('list', { name: 'Your logins' }).getByRole('listitem');
    await logins.nth(1).waitFor({ state: 'detached' });
    await other.page.reload();
    await other.page.getByRole('button', { name: 'Log in' }).waitFor();
    await other.page.close();
  });

  test('the log tells it, in sentences', async () => {
    const { page } = ada;
    await goTo(page, 'Log');
    await page.getByText('ada invited “Bob of the radio”.').waitFor();
    await page.getByLabel('Show').selectOption('account');
    await page.getByText('ada changed the account of “bob”.').first().waitFor();
    await page.getByText('ada invited “Bob of the radio”.').waitFor({ state: 'detached' });
  });
});

describe('who may watch', () => {
  test('a password is set by the keyboard alone', async () => {
    const { page } = ada;
    await goTo(page, 'Channels');
    await page.getByRole('button', { name: 'Who may watch Studio' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Who may watch “Studio”' });
    await dialog.getByRole('radio', { name: 'Public' }).waitFor();
    // To the chosen one of the radio buttons, and down to `Password`.
    await page.keyboard.press('Tab');
    for (let down = 0; down < 3; down += 1) await page.keyboard.press('ArrowDown');
    expect(await dialog.getByRole('radio', { name: 'Password' }).isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    recordSecret('a password of a Channel', 'open sesame, please');
    await page.keyboard.type('open sesame, please');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('listitem').getByText('Password', { exact: true }).waitFor();
    const answer = await fetch(`${server.url}/api/v1/channels/studio`);
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { error: { refusal: 'password' } },
    ]);
  });

  test('new Channels begin with what an administrator says', async () => {
    const { page } = ada;
    await goTo(page, 'Defaults');
    const form = page.locator('form', {
      has: page.getByRole('button', { name: 'Save: New Channels' }),
    });
    await form.getByRole('radio', { name: 'Unlisted' }).check();
    await form.getByRole('button').click();
    await form.getByText('Saved.').waitFor();
    await goTo(page, 'Channels');
    await makeChannel(page, 'Attic');
    await page.getByRole('listitem').getByText('Unlisted', { exact: true }).waitFor();
  });

  test('sites are checked as they are typed', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: 'Who may watch Studio' }).click();
    await page.getByLabel('Sites that may embed it').selectOption('listed');
    const site = page.getByLabel(/^A site, such as/);
    await site.fill('not a site');
    await page.keyboard.press('Enter');
    await page.getByText('An address such as example.org.').waitFor();
    await site.fill('Example.org/blog');
    await page.keyboard.press('Enter');
    await page.getByText('https://example.org', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Who may watch Studio' }).click();
    await page.getByText('https://example.org', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a link with a token is made, listed and taken back', async () => {
    const { page } = ada;
    await page.goto(`${server.url}/watch/studio`);
    await page.getByRole('button', { name: 'Embed' }).click();
    await page.getByText(/^It has a password/).waitFor();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link to watch' }).inputValue();
    recordPlaybackToken('a playback token', link.split('token=')[1]);
    const look = async () => (await fetch(link.replace('/watch/', '/api/v1/channels/'))).status;
    expect(await look()).toBe(200);
    await page.getByRole('button', { name: 'Take back the link for somebody' }).click();
    await page.getByRole('button', { name: /Take back/ }).waitFor({ state: 'detached' });
    expect(await look()).toBe(401);
    await page.goto(`${server.url}/admin`);
  });
});

describe.each(['dark', 'light'] as const)('axe finds nothing, %s', (colorScheme) => {
  test.each(['Channels', 'People', 'Defaults', 'API tokens', 'Log', 'You'])('%s', async (part) => {
    const { page } = ada;
    await page.emulateMedia({ colorScheme });
    await goTo(page, part);
    await page.locator('.part h1').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('the dialog of rules', async () => {
    const { page } = ada;
    await goTo(page, 'Channels');
    await page.getByRole('button', { name: 'Who may watch Studio' }).click();
    await page.getByLabel('New password').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });
});

test('and nothing was complained of in the developer tools', () => {
  expect([ada.complaints, bob.complaints]).toEqual([[], []]);
});
