/** 2 GB go up from a page while its server and its browser are killed again and again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import { z } from 'zod';
import { assetSchema } from '../../signaling/contract/index.ts';
import { KillableBrowser } from '../support/killable-browser.ts';
import { LargeFilm } from '../support/large-film.ts';
import { logInIfAsked, makeAccountBy, shownTitles, untilReady } from '../support/library-page.ts';
import { until } from '../support/live-server.ts';
import { randomMoments } from '../support/random.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Uploader } from '../support/uploading.ts';

const BYTES = 2 * 1024 ** 3;
/** Of the file, and bytes a second at most: on a fast machine, too, the last kill comes before everything is sent. */
const LAST_MOMENT = 0.7;
const FASTEST = 100_000_000;
const VICTIMS = ['server', 'browser', 'server', 'browser'] as const;

let folder: string;
let server: ServerProcess;
let browser: KillableBrowser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-killed-'));
  const settings = { DATA_DIR: join(folder, 'data'), DEMO: 'off' };
  server = await ServerProcess.start({ settings, until: 'listening' });
  browser = await KillableBrowser.open(join(folder, 'profile'));
  await until(() => server.setupLink !== undefined);
  await makeAccountBy(server.setupLink ?? '', browser.page, server.url);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A part is begun at its offset, and ended where the server said that it has come to. */
type Part = { begun: number; ended?: number };

/** Hears what pages send, also of a browser that is killed. */
class PartsSent {
  readonly parts: Part[] = [];

  listen(page: Page): void {
    const parts = new Map<Request, Part>();
    page.on('request', (request) => {
      if (request.method() !== 'PATCH') return;
      const part = { begun: Number(request.headers()['upload-offset']) };
      parts.set(request, part);
      this.parts.push(part);
    });
    page.on('response', (response) => {
      const part = parts.get(response.request());
      if (part !== undefined && response.ok()) {
        part.ended = Number(response.headers()['upload-offset']);
      }
    });
  }

  /** Those that began where something was that the server had already, by what was known then. */
  get again(): Part[] {
    return this.parts.filter(({ begun }, index) => {
      const before = this.parts.slice(0, index);
      return before.some((part) => begun < (part.ended ?? part.begun));
    });
  }
}

type Kill = { victim: (typeof VICTIMS)[number]; moment: number };

/**
 * In a random order, each at a random moment of its own quarter of what is sent until the last one: fractions of the
 * file. First of all, a browser that has hardly begun.
 */
function planKills(next: () => number): Kill[] {
  const shuffled = VICTIMS.map((victim) => ({ victim, place: next() })).toSorted(
    (a, b) => a.place - b.place,
  );
  const kills = shuffled.map(({ victim }, index) => ({
    victim,
    moment: ((index + next()) / VICTIMS.length) * LAST_MOMENT,
  }));
  return [{ victim: 'browser', moment: 0 }, ...kills];
}

async function untilSent(fraction: number): Promise<void> {
  await browser.page.waitForFunction((least) => {
    const bar = document.querySelector('.upload progress');
    return bar instanceof HTMLProgressElement && bar.value > least;
  }, fraction);
}

async function choose(path: string): Promise<void> {
  const network = await browser.page.context().newCDPSession(browser.page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: FASTEST },
  });
  await browser.page.locator('input[data-of=files]').setInputFiles(path);
}

async function restartServer(): Promise<void> {
  await server.kill();
  await server.start();
}

/** And goes on as the page says. */
async function restartBrowser(sent: PartsSent, path: string): Promise<void> {
  await browser.kill();
  await browser.reopen();
  sent.listen(browser.page);
  await browser.page.goto(`${server.url}/library`);
  await logInIfAsked(browser.page);
  await browser.page.getByText('1 upload was interrupted:').waitFor();
  await browser.page.getByText('Choose the file again').waitFor();
  await choose(path);
}

test('an upload of 2 GB survives kill -9 of the server and of the browser at random moments', async () => {
  const kills = planKills(randomMoments());
  const film = await LargeFilm.make(folder, BYTES);
  const path = join(folder, 'Large.mp4');
  const checksum = await film.writeTo(path);
  const api = new Uploader(server.url, { cookie: await browser.cookies(server.url) });
  const sent = new PartsSent();
  sent.listen(browser.page);
  const begun = performance.now();
  const say = (what: string) =>
    process.stdout.write(`${Math.round(performance.now() - begun)} ms: ${what}\n`);
  await choose(path);
  for (const { victim, moment } of kills) {
    await untilSent(moment);
    say(`${victim} killed at ${moment.toFixed(3)}`);
    await (victim === 'server' ? restartServer() : restartBrowser(sent, path));
    say('it is back');
  }
  await browser.page.getByText('1 of 1 file uploaded.').waitFor();
  say('everything is sent');
  await untilReady(browser.page, 'Large');
  expect(await shownTitles(browser.page)).toEqual(['Large']);
  const { assets } = z.object({ assets: z.array(assetSchema) }).parse(await api.get('/assets'));
  say(`ready, of ${sent.parts.length} parts`);
  expect(assets).toHaveLength(1);
  expect(assets[0]).toMatchObject({ state: 'ready', bytes: BYTES, checksum, watchable: true });
  expect(sent.again).toEqual([]);
});
