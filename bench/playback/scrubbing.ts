import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { openOverWebRtc } from '../../test/support/on-demand.ts';
import { look, numbersOf } from '../../test/support/shown-picture.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { undoing } from '../support/undoing.ts';
import { filmOf, LONG, startStage } from './films.ts';
import { openHlsPage } from './hls-page.ts';

const ROUNDS = 5;
const DRAG_MS = 4_000;
/** Shares of the bar's length. */
const FROM = 0.1;
const TO = 0.8;

/** How often the picture changes while the bar is dragged, against hls.js told the same places. */
export function benchScrubbing({ rounds = ROUNDS }: BenchOptions): Promise<Figure[]> {
  return undoing(async (undo) => {
    const stage = await startStage(undo, { DEMO: 'off' });
    const { id } = await filmOf(stage, LONG);
    const browser = await launchChromium();
    undo.push(() => browser.close());
    const ours = await openOverWebRtc(browser, `${stage.server.url}/watch/${id}`);
    await ours.evaluate(() => window.sfumato?.pause());
    const hls = await openHlsPage(browser, stage.server.url, id);
    await hls.evaluate(() => window.sfumato?.pause());
    const times = { ours: [] as number[], hls: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.ours.push(await msAPicture(ours, dragBar));
      times.hls.push(await msAPicture(hls, setTimes));
    }
    return [
      figure({
        name: 'dragging: time for each different picture (floor: hls.js)',
        unit: 'ms',
        ours: times.ours,
        floor: times.hls,
        target: { plus: 125, says: '8 pictures a second' },
      }),
    ];
  });
}

async function msAPicture(page: Page, drag: (page: Page) => Promise<void>): Promise<number> {
  const looking = look(page, { thenMs: DRAG_MS, withinMs: DRAG_MS });
  await drag(page);
  const different = new Set(numbersOf(await looking)).size;
  // What came before the drag is none of it.
  return DRAG_MS / Math.max(1, different - 1);
}

/** With the mouse, as a hand does. */
async function dragBar(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'seek' });
  const { x = 0, y = 0, width = 0, height = 0 } = (await slider.boundingBox()) ?? {};
  const place = (part: number) =>
    [x + width * (FROM + (TO - FROM) * part), y + height / 2] as const;
  await page.mouse.move(...place(0));
  await page.mouse.down();
  const startMs = performance.now();
  for (let part = 0; part < 1; part = (performance.now() - startMs) / DRAG_MS) {
    await page.mouse.move(...place(part));
  }
  await page.mouse.up();
}

/** The newest place as soon as the last one is there, as a player does that wants to be quick. */
async function setTimes(page: Page): Promise<void> {
  const [from, to] = [FROM * LONG.seconds, TO * LONG.seconds];
  const startMs = performance.now();
  for (let part = 0; part < 1; part = (performance.now() - startMs) / DRAG_MS) {
    await page.evaluate(
      (seconds) => {
        const player = window.sfumato;
        const video = player?.media?.nativeEl;
        if (player !== undefined && video?.seeking === false) player.currentTime = seconds;
      },
      from + (to - from) * part,
    );
    await sleep(5);
  }
}
