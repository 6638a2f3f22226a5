import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.ts';
import { CHROMIUM_PATH } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import {
  logInIfAsked,
  makeAccount,
  makeLarger,
  makePicture,
  shownTitles,
  untilReady,
} from '../support/library-page.ts';
import { PATIENCE_MS } from '../support/patience.ts';

/** Bytes, and bytes a second: enough to be in the middle of it for a while. */
const SIZE = 6_000_000;
const SLOW = 600_000;

let folder = '';
let clip = '';
let port = 0;
let server: TestApp;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-uploads-'));
  clip = await makePicture(folder, 'Journey.mp4', 'mandelbrot=s=320x180:r=12');
  await makeLarger(clip, SIZE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  port = await freePort();
  server = await startOn(await mkdtemp(join(folder, 'data-')));
  context = await openBrowser(await mkdtemp(join(folder, 'profile-')));
  page = await context.newPage();
  network = undefined;
  await makeAccount(page, server);
});
afterEach(async () => {
  await context.close();
  await server.close();
});

let dataDir = '';
function startOn(folderOfData: string): Promise<TestApp> {
  dataDir = folderOfData;
  return startApp({ PORT: String(port), DATA_DIR: folderOfData, DATABASE_URL: '' });
}

let profile = '';
function openBrowser(folderOfProfile: string): Promise<BrowserContext> {
  profile = folderOfProfile;
  return chromium.launchPersistentContext(folderOfProfile, {
    executablePath: CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** Begins, and is on the way when it returns. */
async function beginSlowly(): Promise<void> {
  await slowDown(SLOW);
  await page.locator('input[data-of=files]').setInputFiles(clip);
  await untilSent(0.1);
}

let network: CDPSession | undefined;

/** Of what several sessions say of the network only one counts: so it is one that says everything. */
async function emulate(conditions: { offline: boolean; uploadThroughput: number }): Promise<void> {
  network ??= await context.newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    ...{ latency: 0, downloadThroughput: -1, ...conditions },
  });
}

/** @param bytesPerSecond that go up */
function slowDown(bytesPerSecond: number): Promise<void> {
  return emulate({ offline: false, uploadThroughput: bytesPerSecond });
}

async function untilSent(fraction: number): Promise<void> {
  await page.waitForFunction((least) => {
    const bar = document.querySelector('.upload progress');
    return bar instanceof HTMLProgressElement && bar.value >= least;
  }, fraction);
}

/** It arrived whole, and once. */
async function untilWhole(): Promise<void> {
  await untilReady(page, 'Journey');
  expect(await shownTitles(page)).toEqual(['Journey']);
}

test('a lost network: it waits, and goes on by itself', async () => {
  await beginSlowly();
  await emulate({ offline: true, uploadThroughput: SLOW });
  await page.getByText('The server cannot be reached; it goes on by itself.').waitFor();
  await slowDown(SLOW);
  await untilWhole();
});

test('a server that starts again: it goes on by itself', async () => {
  await beginSlowly();
  await server.close();
  await page.getByText('The server cannot be reached; it goes on by itself.').waitFor();
  server = await startOn(dataDir);
  await untilWhole();
});

test('pausing, going on, and cancelling', async () => {
  await beginSlowly();
  await page.getByRole('button', { name: 'Pause: Journey.mp4' }).click();
  await page.getByText(/, paused$/).waitFor();
  await page.getByRole('button', { name: 'Go on: Journey.mp4' }).click();
  await untilSent(0.3);
  await page.getByRole('button', { name: 'Cancel: Journey.mp4' }).click();
  await page.locator('.upload').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('Nothing is here yet').waitFor();
});

test('a closed browser: the next visit says so, and the same file goes on where it was', async () => {
  await beginSlowly();
  await context.close();
  context = await openBrowser(profile);
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${server.url}/library`);
  await logInIfAsked(page);
  await page.getByText('1 upload was interrupted:').waitFor();
  await page.getByText('Choose the file again').waitFor();
  const offset = page.waitForRequest((request) => request.method() === 'PATCH');
  await page.locator('input[data-of=files]').setInputFiles(clip);
  expect(Number((await offset).headers()['upload-offset'])).toBeGreaterThan(0);
  await untilWhole();
  await page.reload();
  await page.getByRole('link', { name: 'Journey' }).waitFor();
  expect(await page.getByText('interrupted').count()).toBe(0);
});

test('where the browser keeps handles of files, one click goes on', async () => {
  // A real handle of a real file, in the browser's own file system: the system's dialog cannot be clicked here.
  await page.evaluate(async (size) => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle('Handled.mp4', { create: true });
    const writable = await handle.createWritable();
    await writable.write(new Uint8Array(size));
    await writable.close();
    window.showOpenFilePicker = () => Promise.resolve([handle]);
  }, SIZE);
  await slowDown(SLOW);
  await page.getByRole('button', { name: 'Add files' }).click();
  await untilSent(0.1);
  const question = page.waitForEvent('dialog');
  const reloaded = page.reload();
  // Something is being sent: the page asks before it goes.
  const asked = await question;
  expect(asked.type()).toBe('beforeunload');
  await asked.accept();
  await reloaded;
  const offset = page.waitForRequest((request) => request.method() === 'PATCH');
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  expect(Number((await offset).headers()['upload-offset'])).toBeGreaterThan(0);
  await page.getByText('1 of 1 file uploaded.').waitFor();
  // Zeros are no film: the server says why.
  await page.locator('.upload .problem').waitFor();
});

test('a file that the server would not have is told before it is sent', async () => {
  await server.close();
  server = await startApp({
    ...{ PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: '', UPLOAD_MAX_BYTES: '1000000' },
  });
  await page.reload();
  await page.getByRole('button', { name: 'Add files' }).waitFor();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.method()));
  await page.locator('input[data-of=files]').setInputFiles(clip);
  await page.getByText(/the server takes files of up to 1 MB/).waitFor();
  expect(sent).not.toContain('PATCH');
});
