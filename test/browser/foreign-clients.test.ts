import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import type { ForeignClients } from '../support/foreign-clients.ts';
import { type LiveServer, STREAM_KEY, startLiveServer, until } from '../support/live-server.ts';

declare const clients: ForeignClients;

/** In a process of its own: the bundler's native part does not take objects of jest's world. */
const BUNDLE = `
  import { build } from 'vite';
  const lib = { entry: process.argv[1], formats: ['iife'], name: 'foreign' };
  const options = { write: false, minify: false, lib };
  const [result] = [await build({ configFile: false, logLevel: 'silent', build: options })].flat();
  process.stdout.write(result.output[0].code);
`;

/** The clients as one script. */
async function bundle(): Promise<string> {
  const entry = join(import.meta.dirname, '../support/foreign-clients.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', BUNDLE, entry],
    { maxBuffer: 32 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return stdout;
}

describe('WHIP and WHEP clients that others wrote, in a page of somebody else', () => {
  let browser: Browser;
  let script: string;
  let server: LiveServer;
  const pages: Page[] = [];
  const patches: { status: number; ifMatch: string | undefined }[] = [];

  beforeAll(async () => {
    [browser, script] = await Promise.all([launchChromium(), bundle()]);
  });

  beforeEach(async () => {
    server = await startLiveServer();
    patches.length = 0;
  });

  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await server.close();
  });

  afterAll(() => browser.close());

  /** Another origin than the server's own, so that CORS counts. */
  const open = async () => {
    const page = await browser.newPage();
    pages.push(page);
    page.on('response', (response) => {
      if (response.request().method() !== 'PATCH') return;
      patches.push({
        status: response.status(),
        ifMatch: response.request().headers()['if-match'],
      });
    });
    await page.goto(server.url.replace('127.0.0.1', 'localhost'));
    await page.addScriptTag({ content: script });
    return page;
  };

  const whip = () => `${server.url}/whip/live`;
  const whep = () => `${server.url}/whep/live`;

  const goLive = async (client: 'publishByWhipWhep' | 'publishByEyevinn') => {
    const page = await open();
    await page.evaluate(([name, url, key]) => clients[name](url, key), [
      client,
      whip(),
      STREAM_KEY,
    ] as const);
    await until(() => server.channel.broadcast !== undefined);
    return page;
  };

  const showsMore = async (page: Page) => {
    const before = await page.evaluate(() => clients.framesShown());
    await until(async () => (await page.evaluate(() => clients.framesShown())) > before + 10);
  };

  test('whip-whep publishes and watches', async () => {
    await goLive('publishByWhipWhep');
    const page = await open();
    await page.evaluate((url) => clients.watchByWhipWhep(url), whep());
    await showsMore(page);
  });

  test('deviation: whip-whep 1.2.0 restarts ICE as it should, and then cannot read two candidates', async () => {
    await goLive('publishByWhipWhep');
    const page = await open();
    await page.evaluate((url) => clients.watchByWhipWhep(url), whep());
    await showsMore(page);
    // It puts a comma between them, which no SDP has.
    const restart = page.evaluate(() => clients.restartByWhipWhep());
    await expect(restart).rejects.toThrow(/,a=candidate.*Invalid SDP line/);
    expect(patches.at(-1)).toEqual({ status: 200, ifMatch: '*' });
  });

  test('@eyevinn/whip-web-client publishes, @eyevinn/webrtc-player watches', async () => {
    await goLive('publishByEyevinn');
    const page = await open();
    await page.evaluate((url) => clients.watchByEyevinn(url), whep());
    await showsMore(page);
  });

  test('deviation: clients that send no If-Match with their candidates are told 428 and go on', async () => {
    await goLive('publishByEyevinn');
    const withoutIfMatch = patches.filter(({ ifMatch }) => ifMatch === undefined);
    expect(withoutIfMatch.every(({ status }) => status === 428)).toBe(true);
    expect(server.channel.info().live).toBe(true);
  });
});
