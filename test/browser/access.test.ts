/** Who may watch, as people on other sites see it: pictures where they may, a reason where they may not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Frame, Page } from 'playwright-core';
import { type TestApp, startApp } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { launchChromium, openPage, type TestPage } from '../support/chromium.ts';
import { ADMIN_TOKEN, createChannel } from '../support/going-live.ts';
import { Guard, untilEnded, untilGuarded, untilWatched } from '../support/guarding.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { until } from '../support/live-server.ts';
import { type OtherSite, openOtherSite } from '../support/other-site.ts';
import { onThisMachine } from '../support/patience.ts';
import { makeCodedFilm, makeStill } from '../support/stored-clips.ts';
import { saveData } from '../support/ways.ts';

/** From whatever takes the right away to the reason on the screen, milliseconds. */
const ENDS_WITHIN_MS = 2_000;
const REVOKED = 'You may not watch this any more';

let folder = '';
let site: OtherSite;
let stranger: OtherSite;
let server: TestApp;
let guard: Guard;
let library: LibraryBehind;
let browser: Browser;
let film = '';
let still = '';
let open: TestPage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-access-'));
  [site, stranger] = await Promise.all([openOtherSite(), openOtherSite()]);
  server = await startApp({ ADMIN_TOKEN });
  guard = new Guard(server.url);
  library = await openLibrary(server);
  film = await library.put(await makeCodedFilm(folder, 60, 'film.mkv'), {
    title: 'A film',
    visibility: 'unlisted',
  });
  still = await library.put(await makeStill(folder), { title: 'A still', visibility: 'unlisted' });
  await Promise.all([library.ready(film), library.ready(still)]);
  await createChannel(server.url, 'show', 'A show');
  await guard.call('PUT', '/channels/show/playlist', { items: [{ assetId: film }] });
  browser = await launchChromium('allowed', ['--test-third-party-cookie-phaseout']);
});
afterAll(async () => {
  await browser?.close();
  await library?.close();
  await server?.close();
  await Promise.all([site?.close(), stranger?.close()]);
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(open.map(({ page }) => page.close()));
  open = [];
});

const ofFilm = () => `/assets/${film}`;
const ofStill = () => `/assets/${still}`;
const SHOW = '/channels/show';

async function ruleAll(rules: Parameters<Guard['rule']>[1]): Promise<void> {
  for (const path of [SHOW, ofFilm(), ofStill()]) await guard.rule(path, rules);
}

async function visit(address: string): Promise<Page> {
  const opened = await openPage(browser, address);
  open.push(opened);
  return opened.page;
}

const frameTag = (path: string) =>
  `<iframe src="${server.url}${path}" width="480" height="270" title="A player"
    allow="autoplay; fullscreen"></iframe>`;

/** On a page of another site: an element without a frame first, then frames. */
const siteWith = (element: string, ...frames: string[]) =>
  site.page(
    `${element}${frames.map(frameTag).join('')}<script type="module" src="${server.url}/embed.js"></script>`,
  );

async function frameOf(page: Page, id: string): Promise<Frame> {
  const find = () => page.frames().find((frame) => frame.url().includes(`/embed/${id}`));
  await until(() => find() !== undefined);
  const frame = find();
  if (frame === undefined) throw new Error(`no frame of ${id}`);
  return frame;
}

/** Told in the log of the run: what people wait for. */
function withinTime(what: string, tookMs: Record<string, number>): void {
  const told = Object.entries(tookMs).map(([name, ms]) => `${name} ${ms}`);
  console.info(`${what}: ${told.join(', ')} ms`);
  for (const ms of Object.values(tookMs)) expect(ms).toBeLessThan(onThisMachine(ENDS_WITHIN_MS));
}

const complaints = () => open.flatMap((one) => one.complaints);
const now = () => performance.timeOrigin + performance.now();

describe('with tokens, on another site', () => {
  test('live, stored and an image play, in frames and without; revoked, they end', async () => {
    await ruleAll({ visibility: 'token', embedSites: [site.origin] });
    const grants = await Promise.all(['show', film, still].map((id) => guard.issue(id)));
    const [show = '', stored = '', image = ''] = grants.map(({ token }) => token);
    const page = await visit(
      siteWith(
        `<sfumato-player src="${server.url}/watch/${film}" token="${stored}" autoplay muted></sfumato-player>`,
        ...[`/embed/show?token=${show}`, `/embed/${film}?token=${stored}`],
        `/embed/${still}?token=${image}`,
      ),
    );
    const frames = { live: await frameOf(page, 'show'), stored: await frameOf(page, film) };
    const pictured = await frameOf(page, still);
    const all = { ...frames, element: page.mainFrame() };
    await pictured.getByRole('img').waitFor();
    for (const frame of Object.values(all)) await untilWatched(frame);
    // Nobody takes it along with the address.
    for (const frame of [...Object.values(frames), pictured]) {
      expect(await frame.evaluate(() => location.href)).not.toContain('token');
    }
    const since = now();
    await Promise.all(grants.map((grant) => guard.revoke(grant)));
    const end = { sinceMs: since, title: REVOKED };
    const tookMs: Record<string, number> = {};
    for (const [name, frame] of Object.entries(all)) tookMs[name] = await untilEnded(frame, end);
    await untilGuarded(pictured, ({ words }) => words === REVOKED);
    expect(await pictured.locator('sfumato-image').count()).toBe(0);
    withinTime('revoked', tookMs);
    expect(complaints()).toEqual([]);
  });

  test('nothing comes to a site that is not allowed, by any door', async () => {
    await ruleAll({ visibility: 'token', embedSites: [site.origin] });
    const { token } = await guard.issue('*');
    const doors = await doorsFor(token);
    const allowed = await visit(site.page(frameTag(`/embed/show?token=${token}`)));
    const opened = { socket: 'joined', whep: 201, playlist: 200, file: 200, image: 'drawn' };
    expect(await allowed.evaluate(tryDoors, doors)).toEqual(opened);
    await untilWatched(await frameOf(allowed, 'show'));
    const forbidden = await visit(stranger.page(frameTag(`/embed/show?token=${token}`)));
    const found = await forbidden.evaluate(tryDoors, doors);
    console.info('a site that is not allowed:', JSON.stringify(found));
    const got: unknown[] = Object.values(opened);
    expect(Object.values(found).filter((one) => got.includes(one))).toEqual([]);
    await until(() => forbidden.frames().some((frame) => frame.url().startsWith('chrome-error:')));
  });

  test('a token that ends is asked for half a minute ahead; without another, the picture ends', async () => {
    await ruleAll({ visibility: 'token', embedSites: null });
    const [short, long] = await Promise.all([
      guard.issue('*', { expiresInSeconds: 12 }),
      guard.issue('*', { expiresInSeconds: 600 }),
    ]);
    const hls = await visitByHls(`/watch/${film}?token=${short.token}`);
    const page = await visit(
      site.page(`${frameTag(`/embed/show?token=${short.token}`)}${frameTag(`/embed/${film}?token=${short.token}`)}
        <script type="module">
          import { SfumatoEmbed } from '${server.url}/embed-sdk.js';
          const player = new SfumatoEmbed(document.querySelectorAll('iframe')[1]);
          player.on('tokenexpiring', ({ secondsLeft }) => {
            window.secondsLeft = secondsLeft;
            player.setToken('${long.token}');
          });
        </script>`),
    );
    const [live, renewed] = [await frameOf(page, 'show'), await frameOf(page, film)];
    for (const frame of [live, renewed, hls.mainFrame()]) await untilWatched(frame);
    expect(await untilGuarded(hls.mainFrame(), () => true)).toMatchObject({ via: 'hls' });
    const end = { sinceMs: Date.parse(short.expiresAt), title: 'Your time to watch has ended' };
    withinTime('expired', {
      live: await untilEnded(live, end),
      hls: await untilEnded(hls.mainFrame(), end),
    });
    expect(await page.evaluate('window.secondsLeft')).toBeGreaterThan(0);
    const { framesPresented } = await untilGuarded(renewed, () => true);
    await untilGuarded(renewed, (player) => player.framesPresented > framesPresented + 20);
    // The page came with it in its address, and is loaded again without.
    expect(hls.url()).not.toContain('token');
    await hls.reload();
    await untilGuarded(hls.mainFrame(), ({ refusal }) => refusal === 'expired');
  });

  test('a site that is taken from the list', async () => {
    await ruleAll({ visibility: 'unlisted', embedSites: [site.origin] });
    const page = await visit(
      siteWith(
        `<sfumato-player src="${server.url}/watch/show" autoplay muted></sfumato-player>`,
        ...['/embed/show', `/embed/${film}`],
      ),
    );
    const all = {
      element: page.mainFrame(),
      live: await frameOf(page, 'show'),
      stored: await frameOf(page, film),
    };
    for (const frame of Object.values(all)) await untilWatched(frame);
    const end = { sinceMs: now(), title: 'Not on this site' };
    await ruleAll({ embedSites: [stranger.origin] });
    const tookMs: Record<string, number> = {};
    for (const [name, frame] of Object.entries(all)) tookMs[name] = await untilEnded(frame, end);
    withinTime('taken from the list', tookMs);
  });
});

describe('with a password', () => {
  test('typed into the player it plays; another password ends that, and is asked for', async () => {
    await ruleAll({ visibility: 'password', embedSites: null, password: 'old words' });
    const page = await visit(site.page(frameTag('/embed/show')));
    const hls = await visitByHls(`/watch/${film}`);
    const all = { live: await frameOf(page, 'show'), hls: hls.mainFrame() };
    for (const frame of Object.values(all)) {
      await untilGuarded(frame, ({ words }) => words === 'This has a password');
    }
    for (const colorScheme of ['dark', 'light'] as const) {
      await hls.emulateMedia({ colorScheme });
      expect(await violations(hls)).toEqual([]);
    }
    await say(all.live, 'wrong words');
    await all.live.getByRole('alert').filter({ hasText: 'That is not the password.' }).waitFor();
    for (const frame of Object.values(all)) {
      await say(frame, 'old words');
      await untilWatched(frame);
    }
    const end = { sinceMs: now(), title: 'The password has changed' };
    await ruleAll({ password: 'new words' });
    withinTime('another password', {
      live: await untilEnded(all.live, end),
      hls: await untilEnded(all.hls, end),
    });
    for (const frame of Object.values(all)) {
      await say(frame, 'new words');
      await untilWatched(frame);
    }
    await hls.reload();
    await untilWatched(hls.mainFrame());
    expect(complaints()).toEqual([]);
  });

  test('by keyboard alone; what is not typed is no shortcut of the player', async () => {
    await guard.rule(ofFilm(), { visibility: 'password', password: 'km fj' });
    const page = await visit(`${server.url}/watch/${film}`);
    const field = page.getByLabel('Password');
    await field.waitFor();
    await page.locator('sfumato-player').focus();
    await until(async () => {
      await page.keyboard.press('Tab');
      return field.evaluate((element) => element.matches(':focus'));
    });
    await page.keyboard.type('km fj');
    await page.keyboard.press('Enter');
    await untilWatched(page.mainFrame());
    const { muted } = await page.evaluate(() => ({ muted: window.sfumato?.media?.muted }));
    expect(muted).toBe(false);
  });
});

describe('what comes by itself', () => {
  test('one leads to the sign-in, one counts down and begins, one waits for room', async () => {
    await guard.rule(ofFilm(), { visibility: 'signedIn' });
    const page = await visit(`${server.url}/watch/${film}`);
    const link = page.getByRole('link', { name: 'Sign in', exact: true });
    expect(await link.getAttribute('href')).toContain(`/admin?next=%2Fwatch%2F${film}`);
    const startsAt = new Date(Date.now() + 6_000).toISOString();
    await guard.rule(ofFilm(), { visibility: 'unlisted', startsAt });
    await page.reload();
    await page.getByRole('timer').filter({ hasText: 'It begins in 0:0' }).waitFor();
    await untilWatched(page.mainFrame());
    expect(Date.now()).toBeGreaterThan(Date.parse(startsAt));
    await guard.rule(ofFilm(), { startsAt: null, maxViewers: 1 });
    // Whoever has another address, or another browser, is another person.
    const another = await browser.newContext({ userAgent: 'Another browser' });
    const late = await another.newPage();
    try {
      await late.goto(`${server.url}/watch/${film}`);
      await untilGuarded(late.mainFrame(), ({ words }) => words === 'There is no room left');
      await page.close();
      await untilWatched(late.mainFrame());
    } finally {
      await another.close();
    }
    await guard.rule(ofFilm(), {
      maxViewers: null,
      endsAt: new Date(Date.now() - 1_000).toISOString(),
    });
    const after = await visit(`${server.url}/watch/${film}`);
    await untilGuarded(after.mainFrame(), ({ words }) => words === 'It is over');
    await guard.rule(ofFilm(), { endsAt: null });
  });
});

async function say(frame: Frame, password: string): Promise<void> {
  await frame.getByLabel('Password').fill(password);
  await frame.getByRole('button', { name: 'Watch' }).click();
}

/** As for a person who asked the browser to save data. */
async function visitByHls(path: string): Promise<Page> {
  const page = await visit('about:blank');
  await saveData(page);
  await page.goto(server.url + path);
  return page;
}

type Doors = { url: string; token: string; playlist: string; file: string; image: string };

async function doorsFor(token: string): Promise<Doors> {
  const [{ files }, pictured] = await Promise.all([library.ready(film), library.ready(still)]);
  const address = `${server.url}/api/v1/assets`;
  const poster = files.find(({ role }) => role === 'poster')?.name ?? '';
  const image = pictured.files.find(({ role }) => role === 'image')?.name ?? '';
  return {
    url: server.url,
    token,
    playlist: `${address}/${film}/hls/master.m3u8?token=${token}`,
    file: `${address}/${film}/files/${poster}?token=${token}`,
    image: `${address}/${still}/files/${image}?token=${token}`,
  };
}

/** Runs in a page of a site: what its scripts and elements can have, each with the right token. */
async function tryDoors({ url, token, playlist, file, image }: Doors) {
  const status = (address: string, init?: RequestInit) =>
    fetch(address, init).then(
      (response) => response.status,
      () => 'closed',
    );
  const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, 'sfumato.v1');
  const joined = new Promise<string>((resolve) => {
    const fingerprints = [
      { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
    ];
    socket.addEventListener('error', () => resolve('closed'));
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const message: unknown = Object(JSON.parse(String(data)));
      const field = (name: string): unknown => Reflect.get(Object(message), name);
      if (field('id') === 1) resolve(field('error') === undefined ? 'joined' : 'refused');
      if (field('event') !== 'welcome') return;
      const rtpCapabilities: unknown = Reflect.get(Object(field('data')), 'routerRtpCapabilities');
      const dtlsParameters = { role: 'client', fingerprints };
      const wanted = { channelId: 'show', token, rtpCapabilities, dtlsParameters };
      socket.send(JSON.stringify({ id: 1, method: 'join', data: wanted }));
    });
  });
  const drawn = new Promise<string>((resolve) => {
    const picture = new Image();
    picture.crossOrigin = 'anonymous';
    picture.addEventListener('load', () => resolve('drawn'));
    picture.addEventListener('error', () => resolve('closed'));
    picture.src = image;
  });
  const peer = new RTCPeerConnection();
  peer.addTransceiver('video', { direction: 'recvonly' });
  await peer.setLocalDescription();
  const whep = await status(`${url}/whep/show`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
    body: peer.localDescription?.sdp ?? '',
  });
  peer.close();
  const found = {
    socket: await joined,
    whep,
    playlist: await status(playlist),
    file: await status(file),
    image: await drawn,
  };
  socket.close();
  return found;
}
