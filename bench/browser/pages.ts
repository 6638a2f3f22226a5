import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { BLOCK_CODE, blockCodeCell, readBlockCode } from '../../server/library/demo/block-code.ts';
import { openPage } from '../../test/support/chromium.ts';
import { type BareOptions, startBareSource, watchConnections } from './bare-page.ts';
import { type FrameReading, logFrames } from './frame-log.ts';

/** Numbers that the bare source counts through: a minute's. */
const NUMBERS = 1800;

const ASSETS = resolve(process.env['CLIENT_DIR'] ?? 'dist/client', 'assets');

/** The built player's module, as the pages load it. @throws {Error} where the client is not built */
export async function playerModule(): Promise<string> {
  const files = await readdir(ASSETS);
  const file = files.find((name) => /^sfumato-video-.*\.js$/.test(name));
  if (file === undefined) throw new Error('The client is not built: npm run build.');
  return `/assets/${file}`;
}

/** Does something in a page of our origin that nobody has used, and closes it. */
export async function inFreshPage<T>(
  browser: Browser,
  serverUrl: string,
  act: (page: Page) => Promise<T>,
): Promise<T> {
  const { page, complaints } = await openPage(browser, `${serverUrl}/`);
  try {
    // The page's own doings end with its elements; what is measured has it to itself.
    await page.evaluate(() => document.body.replaceChildren());
    await page.evaluate(watchConnections);
    const result = await act(page);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
    return result;
  } finally {
    await page.context().close();
  }
}

export type Size = { width: number; height: number };

/** The picture of the demo, as large and as often. */
export async function addBareSource(page: Page, size: Size): Promise<void> {
  await page.evaluate(startBareSource, bareOptions(size));
}

export function bareOptions({ width, height }: Size): BareOptions {
  const { columns, rows, cell, centerX, centerY } = BLOCK_CODE;
  return {
    width,
    height,
    framesPerSecond: 30,
    codes: Array.from({ length: NUMBERS }, (_, number) => codeOf(number)),
    geometry: { columns, rows, cell, centerX, centerY },
  };
}

function codeOf(number: number): string {
  const cells: string[] = [];
  for (let row = 0; row < BLOCK_CODE.rows; row += 1) {
    for (let column = 0; column < BLOCK_CODE.columns; column += 1) {
      cells.push(blockCodeCell(number, row, column) ? '1' : '0');
    }
  }
  return cells.join('');
}

/** Reads the number of every frame that the page presents for a while. */
export async function readFrames(page: Page, forMs: number): Promise<FrameReading[]> {
  // As text: the page's own content security policy lets it make no functions of text.
  return await page.evaluate(`(${logFrames.toString()})(${readBlockCode.toString()}, ${forMs})`);
}
