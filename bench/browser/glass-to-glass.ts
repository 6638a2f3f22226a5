import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR } from '../support/media.ts';
import { interleave, median } from '../support/statistics.ts';
import { bareDrawnMs, connectBare } from './bare-page.ts';
import type { FrameReading } from './frame-log.ts';
import { drawnLatenciesMs, loopLatencyMs } from './latency.ts';
import { openOurs, playOurs, statsOfOurs } from './our-page.ts';
import { addBareSource, inFreshPage, playerModule, readFrames } from './pages.ts';

const ROUNDS = 7;

/** Milliseconds until jitter buffers and encoders have found their pace, and of the reading. */
const SETTLE_MS = 5_000;
const READ_MS = 5_000;
const LOOKS = 15;

/** The demo: as many frames a second, and a round in step with the wall clock's minute. */
const LOOP = { framesPerSecond: 30, periodMs: 60_000 };

const SIZE = { width: 1280, height: 720 };

type Measured = {
  /** Median, milliseconds. */
  latencyMs: number;
  /** Pictures that were read, of those presented. */
  readShare: number;
  /** Pixels of the last picture. */
  height: number;
};
type OursMeasured = Measured & { ownFigureMs: number | null };

/** (b) From a frame's timestamp to its display, by the number in the picture. */
export async function benchGlassToGlass(): Promise<Figure[]> {
  const module = await playerModule();
  const server = await ServerProcess.start({ settings: { DATA_DIR } });
  const browser = await launchChromium();
  try {
    const { a, b } = await interleave(
      ROUNDS,
      () => inFreshPage(browser, server.url, (page) => measureOurs(page, module)),
      () => inFreshPage(browser, server.url, measureBare),
    );
    return figuresOf(a, b);
  } finally {
    await browser.close();
    await server.stop();
  }
}

function figuresOf(ours: OursMeasured[], bare: Measured[]): Figure[] {
  const ownFigures = ours.flatMap(({ ownFigureMs }) => (ownFigureMs === null ? [] : [ownFigureMs]));
  const latencies = ours.map(({ latencyMs }) => latencyMs);
  return [
    figure({
      name: 'glass to glass',
      unit: 'ms',
      ours: latencies,
      floor: bare.map(({ latencyMs }) => latencyMs),
      target: { times: 1.3, says: '1.3 x' },
    }),
    figure({
      name: "glass to glass, the player's own figure (floor: as read)",
      unit: 'ms',
      ours: ownFigures.length > 0 ? ownFigures : [Number.NaN],
      floor: latencies,
    }),
    figure({
      name: 'glass to glass: pictures read',
      unit: '%',
      ours: ours.map(({ readShare }) => readShare * 100),
      floor: bare.map(({ readShare }) => readShare * 100),
    }),
    figure({
      name: 'glass to glass: height of the picture',
      unit: 'px',
      ours: ours.map(({ height }) => height),
      floor: bare.map(({ height }) => height),
    }),
  ];
}

async function measureOurs(page: Page, module: string): Promise<OursMeasured> {
  await page.evaluate(openOurs, { module, src: 'demo', preload: 'auto' as const });
  await page.evaluate(playOurs);
  await sleep(SETTLE_MS);
  const [readings, ownFigureMs] = await Promise.all([readFrames(page, READ_MS), ownFigure(page)]);
  const latencies = readings.flatMap(({ value, displayMs }) =>
    value === null ? [] : [loopLatencyMs({ value, displayMs }, LOOP)],
  );
  return { ...measuredOf(readings, latencies), ownFigureMs };
}

/** What the player itself says meanwhile: the median of several looks. */
async function ownFigure(page: Page): Promise<number | null> {
  const figures: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await sleep(READ_MS / LOOKS);
    const { latencyMs } = await page.evaluate(statsOfOurs);
    if (latencyMs !== null) figures.push(latencyMs);
  }
  return figures.length === 0 ? null : median(figures);
}

async function measureBare(page: Page): Promise<Measured> {
  await addBareSource(page, SIZE);
  await page.evaluate(connectBare);
  await sleep(SETTLE_MS);
  const readings = await readFrames(page, READ_MS);
  const drawnMs = new Map(await page.evaluate(bareDrawnMs));
  return measuredOf(readings, drawnLatenciesMs(readings, drawnMs));
}

function measuredOf(readings: readonly FrameReading[], latencies: readonly number[]): Measured {
  return {
    latencyMs: median(latencies),
    readShare: latencies.length / readings.length,
    height: readings.at(-1)?.height ?? 0,
  };
}
