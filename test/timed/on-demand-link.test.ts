import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type ClientLink, NetworkBox } from '../../bench/link/network-box.ts';
import { type BoxedChromium, BoxedServer, launchBoxedChromium } from '../support/boxed.ts';
import { openLibrary } from '../support/library.ts';
import { presented } from '../support/lip-sync.ts';
import { inbound, openOverWebRtc } from '../support/on-demand.ts';
import { onThisMachine, PATIENCE_MS } from '../support/patience.ts';
import { makeCodedFilm } from '../support/stored-clips.ts';
import { untilStats } from '../support/watching.ts';

const SECONDS = 45;
/** So much noise that the top Rendition takes more than the narrow link carries: 540p, 270p and 135p. */
const LOOK = { width: 320, height: 180, enlarged: 3, noise: 24, framesPerSecond: 25 };
const TOP = 540;

/** Bits a second. */
const WIDE = 4_000_000;
const NARROW = 800_000;
const NARROW_MS = 7_000;
const WATCH_MS = 24_000;

let folder = '';
let box: NetworkBox | undefined;
let server: BoxedServer | undefined;
let chromium: BoxedChromium | undefined;
let address = '';
let opened: Page | undefined;

beforeAll(async () => {
  if (process.platform !== 'linux') return;
  folder = await mkdtemp(join(tmpdir(), 'sfumato-narrow-'));
  box = await NetworkBox.create({ clients: 1 });
  server = await BoxedServer.start(box.server, folder);
  const library = await openLibrary({ folder, databaseUrl: undefined });
  const file = await makeCodedFilm(folder, SECONDS, 'film.mkv', { ...LOOK, sound: 'tone' });
  const film = await library.put(file, { title: 'Restless', visibility: 'public' });
  // Noise takes its time to be prepared.
  await library.ready(film, 2 * PATIENCE_MS);
  await library.close();
  const [link] = box.links;
  if (link === undefined) throw new Error('the box has no link');
  chromium = await launchBoxedChromium(link.client, link.serverAddress, folder);
  address = `${chromium.url}/watch/${film}`;
});
afterEach(async () => {
  await opened?.context().close();
  opened = undefined;
});
afterAll(async () => {
  await chromium?.browser.close();
  await server?.stop();
  await box?.close();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

/** The page, while the link narrows at some moment, and is wide again. */
async function watchCut(page: Page, link: ClientLink) {
  await untilStats(page, ({ height }) => height === TOP);
  const watching = presented(page, { forMs: WATCH_MS, threshold: 0.01 });
  await sleep(2_000);
  await link.setBottleneck('down', { rate: NARROW });
  await untilStats(page, ({ height, layerLabel }) => {
    return height !== null && height < TOP && layerLabel !== '540p';
  });
  await sleep(NARROW_MS);
  await link.setBottleneck('down', { rate: WIDE });
  await untilStats(page, ({ height }) => height === TOP);
  return await watching;
}

test('the Rendition follows the link down and up: pictures go on, and the sound has no gap', async () => {
  const link = box?.links[0];
  if (link === undefined || chromium === undefined) return;
  await link.setBottleneck('down', { rate: WIDE });
  const page = await openOverWebRtc(chromium.browser, address);
  opened = page;
  const before = await inbound(page, 'audio');
  const { pictures, longestSilenceMs } = await watchCut(page, link);
  const after = await inbound(page, 'audio');
  const gaps = pictures.flatMap(({ atMs, height }, index) => {
    const last = pictures[index - 1];
    return last === undefined ? [] : [{ ms: atMs - last.atMs, switched: last.height !== height }];
  });
  const longestMs = Math.max(...gaps.map(({ ms }) => ms));
  const atSwitches = gaps.filter(({ switched }) => switched).map(({ ms }) => Math.round(ms));
  const of = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  const concealedMs = ((of('concealedSamples') - of('silentConcealedSamples')) / 48_000) * 1000;
  console.log(
    `switches after ${atSwitches.join(', ')} ms; longest standstill ${longestMs.toFixed(0)} ms; ` +
      `longest silence ${longestSilenceMs.toFixed(0)} ms, concealed ${concealedMs.toFixed(0)} ms`,
  );
  expect(atSwitches.length).toBeGreaterThanOrEqual(2);
  expect(longestSilenceMs).toBeLessThan(onThisMachine(100));
  // How long it stands still at a cut is measured by the bench (`playback-cuts`): here it goes on at all.
  expect(longestMs).toBeLessThan(onThisMachine(700));
});
