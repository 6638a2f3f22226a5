import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { SfumatoPlayer } from '../../client/player/sfumato-player.ts';
import { readBlockCode } from '../../server/library/demo/block-code.ts';
import { z } from 'zod';
import type { BrowserTab } from './browser-tab.ts';
import { PATIENCE_MS } from './patience.ts';

export type PlayerStats = NonNullable<ReturnType<SfumatoPlayer['stats']>>;

/** Windows in which the demo's top Layer has its place, and its lowest: it has 180p, 360p and 720p. */
export const WIDE = { width: 1500, height: 1000 };
export const SMALL = { width: 320, height: 480 };

/** Is the demo's top Layer on the screen? */
export const isTop = ({ layer, height }: Pick<PlayerStats, 'layer' | 'height'>) =>
  layer === 2 && height === 720;

/** Opens the demo's page in a context of its own, and waits for its first pictures. */
export async function watchDemo(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  return await openDemo(await context.newPage(), url);
}

export async function openDemo(page: Page, url: string): Promise<Page> {
  await page.goto(`${url}/watch/demo`);
  await untilStats(page, ({ framesPresented }) => framesPresented > 5);
  return page;
}

/** The figures of the page's player. */
export async function statsOf(page: Page): Promise<PlayerStats> {
  const stats = await page.evaluate(() => window.sfumato?.stats() ?? null);
  if (stats === null) throw new Error('the page has no player');
  return stats;
}

/** Of the figures what is asked of a tab that is not Playwright's. */
const tabStatsSchema = z.object({
  layer: z.number().nullable(),
  layerReason: z.string().nullable(),
  condition: z.string(),
  joins: z.number(),
  framesDecoded: z.number(),
  bitrate: z.number().nullable(),
});

/** @returns null before the page has its player */
export async function tabStats(tab: BrowserTab): Promise<z.infer<typeof tabStatsSchema> | null> {
  return tabStatsSchema.nullable().parse(await tab.evaluate('window.sfumato?.stats() ?? null'));
}

/** Waits until the player's figures are as wanted. */
export async function untilStats(
  page: Page,
  wanted: (stats: PlayerStats) => boolean,
  timeoutMs = PATIENCE_MS,
): Promise<PlayerStats> {
  const deadline = performance.now() + timeoutMs;
  let stats = await statsOf(page);
  // Asked from here: the page's content security policy forbids what Playwright's own waiting does.
  while (!wanted(stats)) {
    if (performance.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${wanted.toString()}\n${JSON.stringify(stats)}`);
    }
    await sleep(20);
    stats = await statsOf(page);
  }
  return stats;
}

/** Waits for `count` more pictures on the screen. @returns how long that took, milliseconds */
export async function morePictures(page: Page, count: number, timeoutMs?: number): Promise<number> {
  const started = performance.now();
  const before = (await statsOf(page)).framesPresented;
  await untilStats(page, ({ framesPresented }) => framesPresented >= before + count, timeoutMs);
  return performance.now() - started;
}

export type CodeReading = {
  /** The number in the picture; null where it could not be read. */
  value: number | null;
  /** When the picture was presented, milliseconds since the Unix epoch. */
  presentedMs: number;
};

/** Reads the demo's block code from every picture that is presented for a while. */
export async function readCodes(page: Page, forMs: number): Promise<CodeReading[]> {
  // As text: the page's own content security policy lets it make no functions of text.
  return page.evaluate(`(${collectCodes.toString()})(${readBlockCode.toString()}, ${forMs})`);
}

/** Runs in the page. */
async function collectCodes(read: typeof readBlockCode, forMs: number): Promise<CodeReading[]> {
  const video = window.sfumato?.media?.nativeEl;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (video === undefined || context === null) throw new Error('the page has no video');
  const readings: CodeReading[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const presentedAt = await new Promise<number>((resolve) => {
      video.requestVideoFrameCallback((_now, { presentationTime }) => resolve(presentationTime));
    });
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    readings.push({
      value: read(data, width, height),
      presentedMs: performance.timeOrigin + presentedAt,
    });
  }
  return readings;
}
