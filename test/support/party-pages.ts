import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { until } from './live-server.ts';
import { FILM } from './stored-clips.ts';
import { type CodeReading, readCodes } from './watching.ts';

const FRAME_MS = 1000 / FILM.framesPerSecond;

/** Between the moments at which pages are compared, milliseconds. */
const MOMENTS_APART_MS = 40;

/** How far apart pages were at many moments, milliseconds. */
export type Apart = {
  median: number;
  p95: number;
  worst: number;
  moments: number;
  /** How far each page was ahead of the first one, in the median. */
  ahead: number[];
};

/** Opens a page of the party in a context of its own, and waits until it is there. */
export async function comeToParty(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { prepare?: (page: Page) => Promise<unknown> } = {},
): Promise<Page> {
  const { prepare, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...rest });
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(url);
  await isThere(page);
  return page;
}

/** Waits until the page has joined, and shows a picture. */
export async function isThere(page: Page): Promise<void> {
  await page.getByText(/watching together|Nobody else/).waitFor();
  await until(() => page.evaluate(() => (window.sfumato?.media?.nativeEl.videoWidth ?? 0) > 0));
}

/** Reads the pictures of all pages at once for a while, by the wall clock that they share. */
export async function readTogether(pages: readonly Page[], forMs: number): Promise<Apart> {
  const all = await Promise.all(pages.map((page) => readCodes(page, forMs)));
  return apart(all);
}

/** What was apart at moments at which all of them showed something. */
export function apart(all: readonly (readonly CodeReading[])[]): Apart {
  const readable = all.map((readings) => readings.filter(({ value }) => value !== null));
  const from = Math.max(...readable.map((readings) => readings[0]?.presentedMs ?? Infinity));
  const end = Math.min(...readable.map((readings) => readings.at(-1)?.presentedMs ?? 0));
  const distances: number[] = [];
  const leads: number[][] = all.map(() => []);
  for (let atMs = from; atMs <= end; atMs += MOMENTS_APART_MS) {
    const places = readable.map((readings) => shownAt(readings, atMs));
    distances.push((Math.max(...places) - Math.min(...places)) * FRAME_MS);
    for (const [page, place] of places.entries()) {
      leads[page]?.push((place - (places[0] ?? Number.NaN)) * FRAME_MS);
    }
  }
  return {
    ...{ median: share(distances, 0.5), p95: share(distances, 0.95), worst: share(distances, 1) },
    ahead: leads.map((ofPage) => share(ofPage, 0.5)),
    moments: distances.length,
  };
}

/** What so many of them are not above. */
function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}

/** The picture that is shown at a moment, and how much of its time is over. */
function shownAt(readings: readonly CodeReading[], atMs: number): number {
  const shown = readings.findLast(({ presentedMs }) => presentedMs <= atMs);
  if (shown === undefined) return Number.NaN;
  return (shown.value ?? Number.NaN) + Math.min(1, (atMs - shown.presentedMs) / FRAME_MS);
}
