/** Awkward files, and those of a folder that TEST_MEDIA_DIR names, go through the pages as a person puts them in. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { type Asset, assetSchema } from '../../signaling/contract/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { makeAwkwardFiles } from '../support/awkward-media.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { makeAccount, makePicture } from '../support/library-page.ts';
import { until } from '../support/live-server.ts';

type Outcome =
  | { kind: 'video' | 'image'; width: number; height: number }
  | { kind: 'audio' }
  | { refused: RegExp };

/** What is sent at most: of a picture of 642x362 everything; 720 lines of larger ones. */
const OUTCOMES: Record<string, Outcome> = {
  'b-frames.mp4': { kind: 'video', width: 642, height: 362 },
  'hevc.mp4': { kind: 'video', width: 642, height: 362 },
  'square-it-is-not.mp4': { kind: 'video', width: 1280, height: 360 },
  'rates-vary.mp4': { kind: 'video', width: 642, height: 362 },
  'every-pixel-its-colour.mkv': { kind: 'video', width: 320, height: 240 },
  'interlaced.ts': { kind: 'video', width: 640, height: 360 },
  'flash.flv': { kind: 'video', width: 642, height: 362 },
  'film.webm': { kind: 'video', width: 642, height: 362 },
  'song.mp3': { kind: 'audio' },
  'song.flac': { kind: 'audio' },
  'rotated.mp4': { kind: 'video', width: 362, height: 642 },
  'still.png': { kind: 'image', width: 1000, height: 500 },
  'letter.mp4': { refused: /^It is text, not video or sound\.$/ },
  // Of the folder.
  'Toothsome-Meme.VBRv2.mp3': { kind: 'audio' },
  'bbb.flv': { kind: 'video', width: 640, height: 360 },
  'cursed-vfr.mp4': { kind: 'video', width: 1280, height: 586 },
  'rotate-buck-bunny.mp4': { kind: 'video', width: 720, height: 1280 },
  'sample.flac': { kind: 'audio' },
  'sar_2x1.mp4': { kind: 'video', width: 1280, height: 360 },
  'video-h265.mp4': { kind: 'video', width: 1280, height: 720 },
  'video.mp4': { kind: 'video', width: 1280, height: 720 },
};

let folder: string;
let server: TestApp;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-media-'));
  server = await startApp();
  browser = await launchChromium('allowed');
  ({ page } = await openPage(browser, 'about:blank'));
  await makeAccount(page, server);
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test('each file becomes watchable, or is refused with a true reason', async () => {
  const files = await allFiles();
  await page.locator('input[data-of=files]').setInputFiles(files);
  const assets = await untilDone(files.length);
  const outcomes: Record<string, unknown> = {};
  for (const asset of assets) {
    outcomes[asset.originalName ?? asset.id] = await outcomeOf(asset);
    if (asset.state === 'ready') await expectShown(asset);
  }
  for (const file of files) {
    const name = basename(file);
    const expected = OUTCOMES[name];
    if (expected === undefined) continue;
    expect({ name, ...Object(outcomes[name]) }).toEqual(
      'refused' in expected
        ? { name, refused: expect.stringMatching(expected.refused) }
        : { name, ...expected },
    );
  }
}, 900_000);

async function allFiles(): Promise<string[]> {
  const made = await makeAwkwardFiles(folder);
  const still = await makePicture(folder, 'still.png', 'mandelbrot=size=1000x500');
  const letter = join(folder, 'letter.mp4');
  await writeFile(letter, 'Dear Sir or Madam, this is no film.\n'.repeat(100));
  const media = process.env['TEST_MEDIA_DIR'];
  const further = media === undefined ? [] : readdirSync(media).map((name) => resolve(media, name));
  return [...made, still, letter, ...further];
}

/** As the API tells the person who is logged in, until nothing is to be done any more. */
async function untilDone(count: number): Promise<Asset[]> {
  const list = z.object({ assets: z.array(assetSchema) });
  let assets: Asset[] = [];
  await until(async () => {
    const answer: unknown = await page.evaluate(async () => {
      return (await fetch('/api/v1/assets?limit=100')).json();
    });
    ({ assets } = list.parse(answer));
    const done = assets.filter(({ state }) => state === 'ready' || state === 'refused');
    return done.length === count;
  }, 600_000);
  return assets;
}

function outcomeOf({ state, kind, reason, width, height }: Asset): unknown {
  if (state === 'refused') return { refused: reason };
  return kind === 'audio' ? { kind } : { kind, width, height };
}

/** Pictures are counted, sound is decoded, images are drawn. */
async function expectShown({ id, kind }: Asset): Promise<void> {
  await page.goto(`${server.url}/watch/${id}`);
  if (kind === 'image') return until(async () => (await page.evaluate(widthOfImage)) > 0);
  const figure = kind === 'audio' ? 'webkitAudioDecodedByteCount' : 'webkitDecodedFrameCount';
  const enough = kind === 'audio' ? 5_000 : 10;
  await until(async () => (await page.evaluate(decodedOf, figure)) > enough);
}

/** The two run in the page. */
function widthOfImage(): number {
  const pictures = [...document.querySelectorAll('sfumato-image')].flatMap((element) => [
    ...(element.shadowRoot ?? element).querySelectorAll('img'),
  ]);
  return Math.max(0, ...pictures.map(({ naturalWidth }) => naturalWidth));
}
function decodedOf(figure: string): number {
  const media = window.sfumato?.media?.nativeEl;
  if (media === undefined) return 0;
  if (media.paused) void media.play();
  return Number(Reflect.get(media, figure) ?? 0);
}
