import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PASSWORD, setUpAdministrator } from '../support/administrator.ts';
import { type TestApp, startApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { freshDatabase } from '../support/databases.ts';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { startEmptyServer } from '../support/going-live.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { shownNumber } from '../support/shown-picture.ts';
import { FILM, makeCodedFilm, makeStill, makeTune } from '../support/stored-clips.ts';
import { morePictures, untilStats } from '../support/watching.ts';

const SECONDS = 20;
const PUBLIC = { visibility: 'public' } as const;

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let open: TestPage | undefined;
let filmFile = '';
/** Of the administrator. */
let rights = { cookie: '', origin: '' };
const ids = { film: '', tune: '', still: '', hidden: '', refused: '', waiting: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-watch-'));
  server = await startApp();
  rights = { cookie: await setUpAdministrator(server), origin: server.url };
  library = await openLibrary(server);
  browser = await launchChromium();
  filmFile = await makeCodedFilm(folder, SECONDS);
  const broken = join(folder, 'broken.mp4');
  await writeFile(broken, 'this is no film');
  const details = { description: 'Two lines\nof words.', tags: ['Sea', 'Blue'], ...PUBLIC };
  ids.film = await library.put(filmFile, { title: 'A coded film', ...details });
  ids.tune = await library.put(await makeTune(folder), { title: 'A tune', ...PUBLIC });
  ids.still = await library.put(await makeStill(folder), { title: 'A still', ...details });
  ids.hidden = await library.put(await makeStill(folder), { title: 'A secret' });
  ids.refused = await library.put(broken, { title: 'No film', ...PUBLIC });
  ids.waiting = (await library.assets.create({ title: 'Not there yet', ...PUBLIC }, OWNER)).id;
  for (const id of [ids.film, ids.tune, ids.still, ids.hidden]) await library.ready(id);
  await until(async () => (await asset(ids.refused)).state === 'refused');
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await open?.page.close();
  open = undefined;
});

const OWNER = { id: 'ADMIN_TOKEN', name: 'ADMIN_TOKEN' };

async function asset(id: string): Promise<{ state?: unknown }> {
  const url = `${server.url}/api/v1/assets/${id}`;
  return Object(await (await fetch(url, { headers: rights })).json());
}

async function watch(id: string, query = '', options: BrowserContextOptions = {}): Promise<Page> {
  open = await openPage(browser, `${server.url}/watch/${id}${query}`, options);
  return open.page;
}

/** Opens the film and waits for moving pictures. */
async function watchFilm(query = '', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await watch(ids.film, query, options);
  await hasPlayer(page);
  await untilStats(page, ({ framesPresented }) => framesPresented > 5);
  return page;
}

/** Waits for the code that only Assets need. */
async function hasPlayer(page: Page): Promise<void> {
  await until(() => page.evaluate(() => (window.sfumato?.stats() ?? null) !== null));
}

const position = (page: Page) => page.evaluate(() => window.sfumato?.currentTime ?? -1);

/** Sets the time and waits until its picture is there. @returns the number in it */
async function seek(page: Page, seconds: number): Promise<number | null> {
  await page.evaluate(async (to) => {
    const media = window.sfumato?.media;
    if (media === null || media === undefined) throw new Error('no player');
    const sought = new Promise((resolve) => media.addEventListener('seeked', resolve));
    media.currentTime = to;
    await sought;
  }, seconds);
  // Between two sizes of a picture there is a moment in which the page cannot be read.
  await until(async () => (await shownNumber(page)) !== null);
  return await shownNumber(page);
}

describe('a film of the library', () => {
  test('plays: pictures in order, sound, the figures tell of them, and it ends', async () => {
    const page = await watchFilm();
    const first = await shownNumber(page);
    await morePictures(page, 20);
    expect(await shownNumber(page)).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
    const stats = await untilStats(page, ({ audioBitrate }) => (audioBitrate ?? 0) > 10_000);
    expect(stats).toMatchObject({ condition: 'playing', live: false, stored: { via: 'webrtc' } });
    expect(stats.stored?.duration).toBeCloseTo(SECONDS, 0);
    expect(stats.layerLabel).toMatch(/^(180|360)p$/);
    await page.evaluate((to) => {
      if (window.sfumato !== undefined) window.sfumato.currentTime = to;
    }, SECONDS - 0.5);
    await untilStats(page, ({ condition }) => condition === 'ended');
    expect(await page.evaluate(() => window.sfumato?.media?.ended)).toBe(true);
    expect(open?.complaints).toEqual([]);
  });

  test('seeks to the right picture, forward and back', async () => {
    const page = await watchFilm();
    await page.evaluate(() => window.sfumato?.pause());
    // The middle of what a picture's time is.
    const wanted = [312, 80, 450, 10, 249];
    const shown: (number | null)[] = [];
    for (const number of wanted)
      shown.push(await seek(page, (number + 0.5) / FILM.framesPerSecond));
    expect(shown).toEqual(wanted);
  });

  test('begins at ?t=', async () => {
    const page = await watchFilm('?t=12');
    expect(await position(page)).toBeGreaterThanOrEqual(12);
    expect(await shownNumber(page)).toBeGreaterThanOrEqual(12 * FILM.framesPerSecond);
  });

  test('obeys the keyboard', async () => {
    const page = await watchFilm();
    await page.keyboard.press('k');
    await untilStats(page, ({ condition }) => condition === 'paused');
    const at = async (key: string, seconds: number) => {
      await page.keyboard.press(key);
      expect(await position(page)).toBeCloseTo(seconds, 1);
    };
    await at('5', 10);
    await at('ArrowRight', 15);
    await at('j', 5);
    await at('ArrowLeft', 0);
    await at('l', 10);
    await at('Home', 0);
    await page.keyboard.press('>');
    expect(await page.evaluate(() => window.sfumato?.media?.playbackRate)).toBe(1.25);
    await page.keyboard.press('End');
    await page.keyboard.press('k');
    await untilStats(page, ({ condition }) => condition === 'ended');
  });

  test('shows captions and chapters, and the pictures of the seek bar', async () => {
    const page = await watchFilm('?t=7');
    await page.keyboard.press('c');
    const cues = () =>
      page.evaluate(() =>
        [...(window.sfumato?.media?.textTracks ?? [])].map(
          ({ kind, mode, activeCues, cues: all }) => ({
            kind,
            mode,
            active: [...(activeCues ?? [])].map((cue) => Reflect.get(cue, 'text')),
            count: all?.length ?? 0,
          }),
        ),
      );
    await until(async () => (await cues()).some(({ active }) => active[0] === 'Further words'));
    await until(async () =>
      (await cues()).some(({ kind, count }) => kind === 'chapters' && count === 2),
    );
    const slider = page.getByRole('slider', { name: 'seek' });
    await slider.hover({ position: { x: 300, y: 10 } });
    await page.locator('media-time-range[mediapreviewimage]').waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/second/);
  });

  test('changes the quality, and remembers it', async () => {
    const page = await watchFilm();
    await page.evaluate(() => window.sfumato?.preferLayer(0));
    await untilStats(page, ({ height }) => height === 180);
    await page.evaluate(() => window.sfumato?.preferLayer(1));
    await untilStats(
      page,
      ({ height, stored }) => height === 360 && stored?.rendition === 'video-1.mp4',
    );
    await page.evaluate(() => window.sfumato?.preferLayer(0));
    await page.reload();
    await hasPlayer(page);
    const stats = await untilStats(page, ({ framesPresented }) => framesPresented > 5);
    expect(stats).toMatchObject({ preferredLayer: 0, height: 180 });
  });

  test('has its title, words and downloads beside it', async () => {
    const page = await watchFilm();
    expect(await page.title()).toBe('A coded film · Sfumato');
    await page.getByRole('heading', { name: 'A coded film' }).waitFor();
    await page.getByText('Sea').waitFor();
    await page.getByText('Download').click();
    const link = page.getByRole('link', { name: /180p/ });
    const href = (await link.getAttribute('href')) ?? '';
    expect((await fetch(`${server.url}${href}`)).status).toBe(200);
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0);
    expect(
      await page.evaluate(() => navigator.mediaSession.metadata?.artwork.length),
    ).toBeGreaterThan(0);
  });

  test('its collection leads on', async () => {
    const collection = await post('/collections', { title: 'All of them', visibility: 'public' });
    await post(`/collections/${collection}/items`, { assetIds: [ids.still, ids.film, ids.tune] });
    const page = await watchFilm(`?collection=${collection}`);
    await page.getByText('All of them').waitFor();
    await page.getByRole('link', { name: /Next/ }).click();
    await page.getByRole('heading', { name: 'A tune' }).waitFor();
  });

  test('in a frame on another page', async () => {
    open = await openPage(browser, `${server.url}/embed/${ids.film}`);
    await hasPlayer(open.page);
    await untilStats(open.page, ({ framesPresented }) => framesPresented > 5);
  });
});

async function post(path: string, body: object): Promise<string> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { ...rights, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text === '' ? '' : String(Reflect.get(Object(JSON.parse(text)), 'id'));
}

describe('a sound of the library', () => {
  test('plays with its waveform, which is a slider', async () => {
    const page = await watch(ids.tune);
    await hasPlayer(page);
    await untilStats(page, ({ condition }) => condition === 'playing');
    const sound = () =>
      page.evaluate(() =>
        Reflect.get(window.sfumato?.media?.nativeEl ?? {}, 'webkitAudioDecodedByteCount'),
      );
    await until(async () => Number(await sound()) > 10_000);
    const slider = page.getByRole('slider', { name: 'Position' });
    await slider.waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/of 20 seconds/);
    await page.evaluate(() => window.sfumato?.pause());
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await position(page)).toBeCloseTo(5, 1);
    const { width = 0, height = 0 } = (await slider.boundingBox()) ?? {};
    await slider.click({ position: { x: width * 0.75, y: height / 2 } });
    expect(await position(page)).toBeCloseTo(15, 0);
  });
});

describe('an image of the library', () => {
  test('is shown, and in full size', async () => {
    const page = await watch(ids.still);
    const image = page.getByRole('img', { name: 'Two lines of words.' });
    await image.waitFor();
    await until(() =>
      image.evaluate((img) => img instanceof HTMLImageElement && img.naturalWidth > 0),
    );
    expect(await image.evaluate((img: HTMLImageElement) => img.currentSrc)).toMatch(/\.avif$/);
    const width = async () => (await image.boundingBox())?.width ?? 0;
    const before = await width();
    await page.getByRole('button', { name: 'Full size' }).focus();
    await page.keyboard.press('Enter');
    await until(async () => (await width()) === 1_600);
    await page.keyboard.press('Escape');
    await until(async () => (await width()) === before);
  });
});

describe('what is not there, or not yet', () => {
  test('starts by itself as soon as there is something to watch', async () => {
    const { id } = await library.assets.create({ title: 'Coming', ...PUBLIC }, OWNER);
    const page = await watch(id);
    await page.getByText('still being uploaded').waitFor();
    const film = await library.put(filmFile, { title: 'Prepared meanwhile', ...PUBLIC });
    await page.goto(`${server.url}/watch/${film}`);
    await hasPlayer(page);
    await untilStats(page, ({ framesPresented }) => framesPresented > 5);
    await library.ready(film);
  });

  test('a refused one says why', async () => {
    const page = await watch(ids.refused);
    await page.getByText('This file cannot be played.').waitFor();
    const { reason } = Object(await asset(ids.refused));
    await page.getByText(String(reason)).waitFor();
  });

  test('a private one is nothing to a stranger, who can sign in', async () => {
    const page = await watch(ids.hidden);
    await page.getByRole('heading', { name: 'There is nothing here for you' }).waitFor();
    expect(await page.locator('sfumato-player').count()).toBe(0);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A secret' }).waitFor();
    await page.getByRole('link', { name: 'Edit' }).waitFor();
  });

  test('deleted while it is watched', async () => {
    const film = await library.put(filmFile, { title: 'Short of life', ...PUBLIC });
    await library.ready(film);
    const page = await watch(film);
    await hasPlayer(page);
    await untilStats(page, ({ framesPresented }) => framesPresented > 5);
    const url = `${server.url}/api/v1/assets/${film}`;
    await fetch(url, { method: 'DELETE', headers: rights });
    await untilStats(page, ({ condition }) => condition === 'deleted');
  });
});

test('goes on by itself when the server was restarted', async () => {
  const dataFolder = join(folder, 'restarted');
  const { DATABASE_URL } = await freshDatabase();
  const other = await startEmptyServer(dataFolder, { DATABASE_URL });
  const databaseUrl = DATABASE_URL || undefined;
  const behind = await openLibrary({ folder: dataFolder, databaseUrl });
  try {
    const long = await makeCodedFilm(folder, 90, 'long.mkv');
    const film = await behind.put(long, { title: 'Long', ...PUBLIC });
    await behind.ready(film);
    open = await openPage(browser, `${other.url}/watch/${film}`);
    const { page } = open;
    await hasPlayer(page);
    await untilStats(page, ({ framesPresented }) => framesPresented > 5);
    await other.kill();
    await page.evaluate(() => {
      if (window.sfumato !== undefined) window.sfumato.currentTime = 80;
    });
    await untilStats(page, ({ condition }) => condition === 'reconnecting');
    await other.start();
    await untilStats(page, ({ condition }) => condition === 'playing');
    await morePictures(page, 10);
    expect(await shownNumber(page)).toBeGreaterThanOrEqual(80 * FILM.framesPerSecond);
  } finally {
    await behind.close();
    await other.stop();
  }
});

describe.each(['light', 'dark'] as const)('for everybody, %s', (colorScheme) => {
  test.each(['film', 'tune', 'still', 'refused', 'waiting', 'hidden'] as const)(
    '%s',
    async (of) => {
      const page = await watch(ids[of], '', { colorScheme });
      await page.locator('h1').waitFor();
      if (of === 'film' || of === 'tune') {
        await hasPlayer(page);
        await untilStats(page, ({ condition }) => condition === 'playing');
        await page.evaluate(() => window.sfumato?.pause());
        await page.keyboard.press('?');
      }
      expect(await violations(page)).toEqual([]);
    },
  );
});
