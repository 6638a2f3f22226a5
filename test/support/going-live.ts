import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Studio } from '../../client/broadcast/studio.ts';
import { BLOCK_CODE, blockCodeCell, crc8 } from '../../server/library/demo/block-code.ts';
import { openPage, type TestPage } from './chromium.ts';
import { recordSecret } from './run-record.ts';
import { ServerProcess } from './server-process.ts';
import type { CodeReading } from './watching.ts';
import { PATIENCE_MS } from './patience.ts';

export const ADMIN_TOKEN = 'admin-token-of-the-browser-tests-0123456789';

/** A server with nothing on it. */
export function startEmptyServer(
  dataFolder: string,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  return ServerProcess.start({
    settings: { DATA_DIR: dataFolder, DEMO: 'off', ADMIN_TOKEN, ...settings },
    until: 'listening',
  });
}

/** @returns its stream key */
export async function createChannel(url: string, id: string, title: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/channels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id, title }),
  });
  const answer: unknown = await response.json();
  const key: unknown = Reflect.get(Object(answer), 'streamKey');
  if (typeof key !== 'string')
    throw new Error(`no key: ${response.status} ${JSON.stringify(answer)}`);
  recordSecret(`the stream key of ${id}`, key);
  return key;
}

/** What the broadcast page knows, as far as tests look at it. */
export type StudioFacts = {
  phase: Studio['phase'];
  attempts: number;
  layers: Studio['figures']['layers'];
  wantedLayer: number | null;
  received: { spatialLayer: number; bitrate: number }[];
  viewers: number;
  codec: string | null;
  onAirMs: number | null;
  cameraId: string | null;
};

/** Runs in the page. */
function readStudio(): StudioFacts | null {
  const studio = window.sfumatoStudio;
  if (studio === undefined) return null;
  const { session, figures, phase, onAirMs, media } = studio;
  return {
    phase,
    attempts: session.attempts,
    layers: figures.layers,
    wantedLayer: session.maxSpatialLayer,
    received: session.health?.layers ?? [],
    viewers: session.health?.viewers ?? 0,
    codec: session.codec?.codec ?? null,
    onAirMs,
    cameraId: media.cameraId ?? null,
  };
}

export async function studioFacts(page: Page): Promise<StudioFacts> {
  const facts = await page.evaluate(readStudio);
  if (facts === null) throw new Error('the page has no studio');
  return facts;
}

/** Waits until the broadcast page's facts are as wanted. */
export async function untilStudio(
  page: Page,
  wanted: (facts: StudioFacts) => boolean,
  timeoutMs = PATIENCE_MS,
): Promise<StudioFacts> {
  const deadline = performance.now() + timeoutMs;
  let facts = await studioFacts(page);
  while (!wanted(facts)) {
    if (performance.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms: ${wanted.toString()}\n${JSON.stringify(facts)}`);
    }
    await sleep(20);
    facts = await studioFacts(page);
  }
  return facts;
}

/** Opens the broadcast page by its link, waits for the camera, and goes live. */
export async function goLive(
  browser: Browser,
  url: string,
  channelId: string,
  streamKey: string,
): Promise<TestPage> {
  const open = await openPage(browser, `${url}/broadcast/${channelId}#key=${streamKey}`);
  // The first camera of a browser that was just started may take its time.
  await open.page.getByRole('button', { name: 'Go live' }).click({ timeout: 90_000 });
  await untilStudio(open.page, ({ phase }) => phase === 'live');
  return open;
}

/**
 * Puts a canvas in place of the camera, whose block code is the clock's milliseconds, 16 bits of them:
 * whoever reads it elsewhere on the same machine knows when it was drawn.
 */
export async function useClockCamera(page: Page): Promise<void> {
  // As text, with everything that the functions name: a page cannot take them otherwise.
  const code = `const BLOCK_CODE = ${JSON.stringify(BLOCK_CODE)}; ${crc8.toString()}
    ${blockCodeCell.toString()} ${drawCode.toString()} ${replaceCamera.toString()} replaceCamera();`;
  await page.addInitScript(`(() => { ${code} })()`);
}

/** Runs in the page. */
function drawCode(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  const value = Math.round(performance.timeOrigin + performance.now()) & 0xffff;
  const cell = BLOCK_CODE.cell * height;
  const left = BLOCK_CODE.centerX * width - (BLOCK_CODE.columns / 2) * cell;
  const top = BLOCK_CODE.centerY * height - (BLOCK_CODE.rows / 2) * cell;
  // Something moves, so that pictures cost what pictures cost.
  context.fillStyle = `hsl(${value % 360} 40% 40%)`;
  context.fillRect(0, 0, width, height);
  for (let row = 0; row < BLOCK_CODE.rows; row += 1) {
    for (let column = 0; column < BLOCK_CODE.columns; column += 1) {
      context.fillStyle = blockCodeCell(value, row, column) ? '#fff' : '#000';
      context.fillRect(left + column * cell, top + row * cell, cell, cell);
    }
  }
}

/** Runs in the page. */
function replaceCamera(): void {
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    if (!wishes?.video) return original(wishes);
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    drawCode(context);
    setInterval(() => drawCode(context), 1_000 / 30);
    return canvas.captureStream(30);
  };
}

/** From the drawing of each picture to its being shown, milliseconds, by the codes that were read. */
export function delaysOf(readings: readonly CodeReading[]): number[] {
  return readings.flatMap(({ value, presentedMs }) =>
    value === null ? [] : [(Math.round(presentedMs) - value) & 0xffff],
  );
}
