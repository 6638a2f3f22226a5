/** What people see of a Channel that plays from the library. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { FAKE_DEVICES, launchChromium, openPage } from '../support/chromium.ts';
import { freshDatabase } from '../support/databases.ts';
import { makeColour } from '../support/clip.ts';
import { type LibraryBehind, openLibrary } from '../support/library.ts';
import { ADMIN_TOKEN, createChannel, goLive, startEmptyServer } from '../support/going-live.ts';
import { until } from '../support/live-server.ts';
import { onThisMachine } from '../support/patience.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { untilStats } from '../support/watching.ts';

const SECONDS = 4;
const COLOURS = ['red', 'lime', 'blue'] as const;
/** What people may see of a change from one to the next, milliseconds: a picture that stands still. */
const GAP_MS = 500;

/** Keeps a record of the picture's middle, from when it is put into the page on. */
function recordColours(): void {
  const seen: { colour: string; atMs: number }[] = [];
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = (atMs: number) => {
    const video = window.sfumato?.media?.nativeEl;
    if (video === undefined || context === null) return;
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    const [strongest = 0] = [red, green, blue].toSorted((a, b) => b - a);
    const name =
      strongest < 100 ? 'black' : ['red', 'lime', 'blue'][[red, green, blue].indexOf(strongest)];
    seen.push({ colour: name ?? '', atMs: performance.timeOrigin + atMs });
    video.requestVideoFrameCallback(look);
  };
  window.sfumato?.media?.nativeEl.requestVideoFrameCallback(look);
  Reflect.set(window, 'colours', seen);
}

const seenSchema = z.array(z.object({ colour: z.string(), atMs: z.number() }));
type Seen = z.infer<typeof seenSchema>;

/** Pictures of one colour after each other as one: from the first to the last. */
function stretches(seen: Seen): { colour: string; fromMs: number; toMs: number }[] {
  const found: { colour: string; fromMs: number; toMs: number }[] = [];
  for (const { colour, atMs } of seen) {
    const last = found.at(-1);
    if (last?.colour === colour) last.toMs = atMs;
    else found.push({ colour, fromMs: atMs, toMs: atMs });
  }
  return found;
}

function gapsOf(parts: ReturnType<typeof stretches>): number[] {
  return parts.slice(1).map(({ fromMs }, index) => Math.round(fromMs - (parts[index]?.toMs ?? 0)));
}

describe('a Channel that plays from the library', () => {
  let folder: string;
  let server: ServerProcess;
  let browser: Browser;
  let stored: LibraryBehind;
  let page: Page;
  let complaints: string[];
  let key: string;
  const ids = new Map<string, string>();

  const put = async (body: object) => {
    const response = await fetch(`${server.url}/api/v1/channels/tv/playlist`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  const list = (...colours: string[]) => ({
    items: colours.map((colour) => ({ assetId: ids.get(colour) })),
  });
  const seen = async () => seenSchema.parse(await page.evaluate('window.colours'));
  const colours = async () => stretches(await seen()).map(({ colour }) => colour);
  const record = () => page.evaluate(recordColours);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-playlist-'));
    const dataDir = join(folder, 'data');
    const { DATABASE_URL } = await freshDatabase();
    server = await startEmptyServer(dataDir, { DATABASE_URL });
    stored = await openLibrary({ folder: dataDir, databaseUrl: DATABASE_URL || undefined });
    for (const colour of COLOURS) {
      const file = await makeColour(folder, colour, SECONDS);
      ids.set(colour, await stored.put(file, { title: colour, visibility: 'public' }));
    }
    for (const id of ids.values()) await stored.ready(id);
    key = await createChannel(server.url, 'tv', 'TV');
    browser = await launchChromium('allowed', FAKE_DEVICES);
  });
  afterAll(async () => {
    await browser?.close();
    await stored?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows one after the other and goes round, in one session, with short gaps and no black', async () => {
    await put(list(...COLOURS));
    ({ page, complaints } = await openPage(browser, `${server.url}/watch/tv`));
    await untilStats(page, ({ framesPresented }) => framesPresented > 5);
    await record();
    await until(async () => (await colours()).length >= 6);
    const parts = stretches(await seen());
    const order = parts.map(({ colour }) => colour);
    const first = COLOURS.findIndex((colour) => colour === order[0]);
    expect(order).toEqual(order.map((_, index) => COLOURS[(first + index) % COLOURS.length]));
    const gaps = gapsOf(parts);
    console.info(`gaps between items: ${gaps.join(', ')} ms`);
    expect(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]).toBeLessThan(
      onThisMachine(GAP_MS),
    );
    // All but the first and the last, which were not seen whole.
    for (const { fromMs, toMs } of parts.slice(1, -1)) {
      expect(toMs - fromMs).toBeGreaterThan(SECONDS * 1_000 - onThisMachine(1_000));
      expect(toMs - fromMs).toBeLessThan(SECONDS * 1_000 + onThisMachine(200));
    }
    expect(await untilStats(page, () => true)).toMatchObject({ joins: 1, live: true });
  });

  test('begins at its time what the schedule says', async () => {
    await put(list('red'));
    await until(async () => (await colours()).at(-1) === 'red');
    const beginMs = Math.ceil(Date.now() / 1_000) * 1_000 + 4_000;
    await put({
      ...list('red'),
      schedule: [{ at: new Date(beginMs).toISOString(), assetId: ids.get('blue') }],
    });
    const before = (await seen()).length;
    await until(async () => (await seen()).slice(before).some(({ colour }) => colour === 'blue'));
    const blue = (await seen()).slice(before).find(({ colour }) => colour === 'blue');
    const lateMs = (blue?.atMs ?? 0) - beginMs;
    console.info(`what was scheduled is seen ${Math.round(lateMs)} ms after its time`);
    expect(lateMs).toBeGreaterThan(-50);
    expect(lateMs).toBeLessThan(onThisMachine(1_000));
    await until(async () => (await colours()).at(-1) === 'red');
  });

  test('goes on over an edit, and then with what is new', async () => {
    const before = (await seen()).length;
    await put(list('lime', 'red', 'blue'));
    await until(async () => (await colours()).at(-1) === 'blue');
    const after = stretches((await seen()).slice(before));
    expect(after.map(({ colour }) => colour)).toEqual(['red', 'blue']);
  });

  test('gives way to a broadcaster, and comes back', async () => {
    const { page: studio } = await goLive(browser, server.url, 'tv', key);
    await untilStats(page, ({ live, condition }) => live && condition === 'playing');
    const kind = async () => {
      const response = await fetch(`${server.url}/api/v1/channels/tv`);
      const { publisher } = z
        .looseObject({ publisher: z.looseObject({ kind: z.string() }).optional() })
        .parse(await response.json());
      return publisher?.kind;
    };
    await until(async () => (await kind()) === 'webcam');
    await studio.getByRole('button', { name: 'End the broadcast' }).click();
    await studio.getByRole('button', { name: 'End it' }).click();
    await until(async () => (await kind()) === 'playout');
    const before = (await seen()).length;
    await until(async () => (await seen()).length > before + 10);
    await studio.close();
  });

  test('is on air again after a restart of the server', async () => {
    await server.stop();
    await server.start();
    const before = (await seen()).length;
    await until(async () => (await seen()).length > before + 30);
    expect(complaints).toEqual([]);
  });
});
