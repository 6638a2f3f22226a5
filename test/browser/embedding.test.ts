import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Frame, Page } from 'playwright-core';
import { type TestApp, startApp } from '../support/app.ts';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { firstFrameMs, NOTED, noteFirstFrame } from '../support/first-frame.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { type OtherSite, openOtherSite } from '../support/other-site.ts';
import { makeCodedFilm } from '../support/stored-clips.ts';

const SECONDS = 20;

let folder = '';
let site: OtherSite;
let server: TestApp;
let library: LibraryBehind;
let browser: Browser;
let film = '';
let open: TestPage | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-embedding-'));
  site = await openOtherSite();
  server = await startApp();
  library = await openLibrary(server);
  const file = await makeCodedFilm(folder, SECONDS, 'onair.mkv');
  film = await library.put(file, { title: 'A film', visibility: 'public' });
  await library.ready(film);
  await server.app.putOnAir([file]);
  browser = await launchChromium('allowed', ['--test-third-party-cookie-phaseout']);
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await open?.page.close();
  open = undefined;
});

const visit = async (body: string): Promise<Page> => {
  open = await openPage(browser, site.page(body));
  return open.page;
};

const frameTag = (path: string) =>
  `<iframe src="${server.url}${path}" width="640" height="360" title="A film"
    allow="autoplay; fullscreen; picture-in-picture"></iframe>`;

/** The frame of the player, once it has a player. */
async function playerFrame(page: Page): Promise<Frame> {
  const find = () => page.frames().find((frame) => frame.url().includes('/embed/'));
  await until(async () => {
    const stats = await find()?.evaluate(() => window.sfumato?.stats() ?? null);
    return stats !== null && stats !== undefined;
  });
  const frame = find();
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

const presented = (frame: Frame) =>
  frame.evaluate(() => window.sfumato?.stats()?.framesPresented ?? 0);

async function plays(frame: Frame): Promise<void> {
  const before = await presented(frame);
  await until(async () => (await presented(frame)) > before + 10);
}

describe('a frame on the page of another site', () => {
  test('live', async () => {
    const page = await visit(frameTag('/embed/onair'));
    await plays(await playerFrame(page));
    expect(open?.complaints).toEqual([]);
  });

  test('stored: begins where the address says, without controls, muted', async () => {
    const page = await visit(frameTag(`/embed/${film}?t=0:10&muted=1&controls=0&end=19&lang=de`));
    const frame = await playerFrame(page);
    await plays(frame);
    const facts = await frame.evaluate(() => ({
      at: window.sfumato?.currentTime ?? 0,
      muted: window.sfumato?.media?.muted,
      controls: window.sfumato?.controls,
      lang: document.documentElement.lang,
    }));
    expect(facts).toMatchObject({ muted: true, controls: 'false', lang: 'de' });
    expect(facts.at).toBeGreaterThanOrEqual(10);
    expect(open?.complaints).toEqual([]);
  });
});

/** Scripts and style sheets of a page, as they came over the network. */
const codeOf = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name }) => /\.(js|css)$/.test(new URL(name).pathname))
      .map(({ name, startTime, encodedBodySize }) => ({ name, startTime, encodedBodySize })),
  );

test('the first picture of a Channel needs at most 90 kB of scripts and styles; controls come after it', async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(noteFirstFrame, NOTED);
    await page.goto(`${server.url}/embed/onair`);
    const pictureMs = await firstFrameMs(() => page.mainFrame());
    await page.getByRole('button', { name: 'Keyboard help' }).waitFor();
    const code = await codeOf(page);
    const before = code.filter(({ startTime }) => startTime < pictureMs);
    expect(before.every(({ encodedBodySize }) => encodedBodySize > 0)).toBe(true);
    const bytes = before.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    console.info(`${bytes} bytes in ${before.length} of ${code.length} files`);
    expect(bytes).toBeLessThanOrEqual(90_000);
    const after = code.filter((file) => !before.includes(file)).map(({ name }) => name);
    expect(after).toContainEqual(expect.stringContaining('player-controls'));
  } finally {
    await context.close();
  }
});

/** What the page has seen of a player. */
const heard = (page: Page) => page.evaluate((): string[] => Reflect.get(window, 'heard') ?? []);

describe('from the page around it', () => {
  test('by the SDK: every method, and the events', async () => {
    const page = await visit(`${frameTag(`/embed/${film}?autoplay=0`)}
      <script type="module">
        import { SfumatoEmbed } from '${server.url}/embed-sdk.js';
        window.heard = [];
        window.player = new SfumatoEmbed(document.querySelector('iframe'));
        for (const event of ['ready', 'play', 'pause', 'seeked', 'timeupdate', 'ended', 'volumechange', 'ratechange', 'conditionchange', 'qualitychange'])
          window.player.on(event, (value) => window.heard.push(event));
      </script>`);
    const frame = await playerFrame(page);
    const ask = <T>(code: string): Promise<T> => page.evaluate(`window.player.${code}`);
    await until(async () => (await heard(page)).includes('ready'));
    expect(await ask('ready')).toMatchObject({ src: expect.stringContaining(film) });
    await ask('setVolume(40)');
    await ask('play()');
    await plays(frame);
    expect(await ask('isPaused()')).toBe(false);
    expect(await ask('isLive()')).toBe(false);
    expect(await ask('volume()')).toBe(40);
    expect(await ask<number>('duration()')).toBeCloseTo(SECONDS, 0);
    expect(await ask('qualities()')).toEqual([180, 360]);
    expect(await ask('condition()')).toBe('playing');
    await ask('seek(12)');
    await until(async () => (await ask<number>('currentTime()')) >= 12);
    await ask('setCaptions("en")');
    await until(async () => (await ask('captions()')) === 'en');
    await ask('setCaptions(null)');
    await until(async () => (await ask('captions()')) === null);
    await ask('setQuality(180)');
    await until(async () => (await ask('quality()')) === '180p');
    await ask('mute()');
    await ask('setPlaybackRate(2)');
    await until(async () => (await ask('playbackRate()')) === 2);
    expect(await ask('isMuted()')).toBe(true);
    await ask('setLoop(true)');
    expect(await ask('isLooping()')).toBe(true);
    await ask('setLoop(false)');
    expect(await ask('stats()')).toMatchObject({ live: false });
    await ask('pause()');
    await until(() => ask<boolean>('isPaused()'));
    await ask(`seek(${SECONDS - 0.5})`);
    await ask('play()');
    await until(async () => (await heard(page)).includes('ended'));
    for (const event of ['play', 'pause', 'seeked', 'timeupdate', 'volumechange', 'ratechange']) {
      expect(await heard(page)).toContain(event);
    }
    expect(open?.complaints).toEqual([]);
  });

  test('by the library of player.js', async () => {
    const page = await visit(`${frameTag(`/embed/${film}?autoplay=0&muted=1`)}
      <script src="/player.js"></script>
      <script>
        window.heard = [];
        window.player = new playerjs.Player(document.querySelector('iframe'));
        for (const event of ['ready', 'play', 'pause', 'timeupdate', 'ended', 'seeked'])
          window.player.on(event, () => window.heard.push(event));
        window.ask = (method) => new Promise((resolve) => window.player[method](resolve));
      </script>`);
    const frame = await playerFrame(page);
    const ask = (method: string) => page.evaluate(`window.ask('${method}')`);
    await until(async () => (await heard(page)).includes('ready'));
    await page.evaluate('window.player.play()');
    await plays(frame);
    expect(await ask('getPaused')).toBe(false);
    expect(await ask('getMuted')).toBe(true);
    await page.evaluate('window.player.unmute()');
    await until(async () => (await ask('getMuted')) === false);
    await page.evaluate('window.player.setVolume(30)');
    await until(async () => (await ask('getVolume')) === 30);
    await page.evaluate('window.player.setCurrentTime(15)');
    await until(async () => Number(await ask('getCurrentTime')) >= 15);
    expect(Number(await ask('getDuration'))).toBeCloseTo(SECONDS, 0);
    await page.evaluate('window.player.setLoop(true)');
    await until(async () => (await ask('getLoop')) === true);
    await page.evaluate('window.player.pause()');
    await until(async () => (await ask('getPaused')) === true);
    for (const event of ['play', 'pause', 'timeupdate', 'seeked']) {
      expect(await heard(page)).toContain(event);
    }
    expect(open?.complaints).toEqual([]);
  });

  test('what does not come from the page around it is not obeyed', async () => {
    const page = await visit(
      frameTag(`/embed/${film}?origin=${encodeURIComponent('https://another.example')}`),
    );
    const frame = await playerFrame(page);
    await plays(frame);
    await page.evaluate(() => {
      const call = JSON.stringify({ context: 'player.js', version: '0.0.11', method: 'pause' });
      document.querySelector('iframe')?.contentWindow?.postMessage(call, '*');
    });
    await plays(frame);
  });
});

describe('<sfumato-player> of embed.js', () => {
  const script = (url: string) => `<script type="module" src="${url}/embed.js"></script>`;

  test('is a frame where nothing was said of this site; a link becomes one', async () => {
    const page = await visit(
      `${script(server.url)}<a class="sfumato" data-autoplay href="${server.url}/watch/onair">Live</a>`,
    );
    const frame = await playerFrame(page);
    await plays(frame);
    const element = page.locator('sfumato-player');
    expect(await element.getAttribute('aria-label')).toBe('Live');
    await until(() => element.evaluate((one) => Reflect.get(one, 'paused') === false));
  });

  test('is the player itself where this site was named: live and stored, without a frame', async () => {
    const named = await startApp({ ALLOWED_ORIGINS: site.origin });
    const shelf = await openLibrary(named);
    try {
      const file = await makeCodedFilm(folder, SECONDS, 'named.mkv');
      const id = await shelf.put(file, { title: 'Named', visibility: 'public' });
      await shelf.ready(id);
      await named.app.putOnAir([file]);
      const page = await visit(`${script(named.url)}
        <sfumato-player id="live" muted autoplay src="${named.url}/watch/named"></sfumato-player>
        <sfumato-player id="stored" muted autoplay src="${named.url}/watch/${id}"></sfumato-player>`);
      for (const which of ['live', 'stored']) {
        const count = () =>
          page
            .locator(`#${which}`)
            .evaluate((player) => Reflect.get(player, 'stats')?.call(player)?.framesPresented ?? 0);
        await until(async () => (await count()) > 10);
      }
      expect(page.frames()).toHaveLength(1);
    } finally {
      await shelf.close();
      await named.close();
    }
  });
});

test('a site that may not embed gets no picture: neither by a frame nor by the socket nor by a file', async () => {
  const strict = await startApp({ EMBED_SITES: 'https://allowed.example' });
  try {
    const page = await visit(`<iframe src="${strict.url}/embed/demo" title="None"></iframe>`);
    const answers = await page.evaluate(async (url) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, 'sfumato.v1');
      const opened = new Promise((resolve) => {
        socket.addEventListener('open', () => resolve(true));
        socket.addEventListener('error', () => resolve(false));
      });
      const read = await fetch(`${url}/api/v1/channels`).then(
        () => true,
        () => false,
      );
      return { opened: await opened, read };
    }, strict.url);
    expect(answers).toEqual({ opened: false, read: false });
    await until(() => page.frames().some((frame) => frame.url().startsWith('chrome-error:')));
  } finally {
    await strict.close();
  }
});
