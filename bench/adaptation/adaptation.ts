import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelInfo, channelListSchema } from '../../signaling/contract/index.ts';
import { type BoxedChromium, BoxedServer, launchBoxedChromium } from '../../test/support/boxed.ts';
import { type ClientLink, NetworkBox } from '../link/network-box.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR, makeClip } from '../support/media.ts';
import { type CutOutcome, cutOnce, WIDE } from './cuts.ts';
import { frozenMs, heightAfterMs, shareAtLeast } from './frame-times.ts';
import { plotCut } from './plot.ts';
import { WatchedPage } from './watched-page.ts';

const CUTS = 20;
const COLD_STARTS = 7;
const STEADY_MS = 60_000;
/** Time to find the level of a link before it is judged. */
const SETTLING_MS = 15_000;
/** A key frame of the lowest Layer comes at least this often, of the top Layer every second; milliseconds. */
const LOWEST_KEY_FRAME_MS = 1000 / 6;

const PLOT = resolve(import.meta.dirname, '../../docs/images/cut.svg');

type Place = { link: ClientLink; chromium: BoxedChromium; channel: ChannelInfo };

/** Which Layer a Viewer gets behind a real bottleneck: cuts, steady links, the start. */
export async function benchAdaptation(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-adaptation-'));
  const clip = await makeClip('restless-30.mp4', { length: 30 });
  const box = await NetworkBox.create({ clients: 1 });
  try {
    const server = await BoxedServer.start(box.server, DATA_DIR, [clip]);
    try {
      return await measure(box, server, folder);
    } finally {
      await server.stop();
    }
  } finally {
    await box.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(box: NetworkBox, server: BoxedServer, folder: string): Promise<Figure[]> {
  const [link] = box.links;
  if (link === undefined) throw new Error('the box has no link');
  const chromium = await launchBoxedChromium(link.client, link.serverAddress, folder);
  try {
    const channel = await onAir(server);
    const place = { link, chromium, channel };
    return [...(await starts(place)), ...(await cuts(place)), ...(await steadyLinks(place))];
  } finally {
    await chromium.browser.close();
  }
}

/** Preparing the clip may take a while, the first time. */
async function onAir(server: BoxedServer): Promise<ChannelInfo> {
  for (;;) {
    const answer = channelListSchema.parse(JSON.parse(await server.ask('GET', '/api/v1/channels')));
    const live = answer.channels.find((channel) => channel.live);
    if (live !== undefined) return live;
    await sleep(500);
  }
}

function open({ chromium, channel }: Place): Promise<WatchedPage> {
  return WatchedPage.open(chromium.browser, `${chromium.url}/watch/${channel.id}`);
}

/** From opening the page to the top Layer on a link that carries it. */
async function starts(place: Place): Promise<Figure[]> {
  const top = topHeight(place);
  await place.link.setBottleneck('down', { rate: WIDE });
  const topAfter: number[] = [];
  for (let round = 0; round < COLD_STARTS; round += 1) {
    const watched = await open(place);
    await watched.untilHeight(top, 20_000);
    topAfter.push(heightAfterMs(await watched.frames(), 0, top) ?? Number.POSITIVE_INFINITY);
    await watched.close();
  }
  return [
    figure({
      name: 'cold start at 4 Mbit/s: top Layer after opening the page',
      unit: 'ms',
      ours: topAfter,
      target: { plus: 3_000, says: '3 s' },
    }),
  ];
}

async function cuts(place: Place): Promise<Figure[]> {
  const watched = await open(place);
  const outcomes: CutOutcome[] = [];
  for (let round = 0; round < CUTS; round += 1) {
    outcomes.push(await cutOnce(watched, place.link, topHeight(place)));
  }
  await watched.close();
  await plot(outcomes);
  return cutFigures(outcomes);
}

function cutFigures(outcomes: readonly CutOutcome[]): Figure[] {
  const of = (pick: (outcome: CutOutcome) => number | null) =>
    outcomes.map((outcome) => pick(outcome) ?? Number.POSITIVE_INFINITY);
  return [
    figure({
      name: '4 to 0.8 Mbit/s: a lower Layer on the screen',
      unit: 'ms',
      ours: of((outcome) => outcome.lowerAfterMs),
      target: { plus: 1.5 * (1_000 + LOWEST_KEY_FRAME_MS), says: '1.5 x (1 s + its key frame)' },
    }),
    figure({
      name: '4 to 0.8 Mbit/s: longest standstill',
      unit: 'ms',
      ours: of((outcome) => outcome.longestGapMs),
      target: { plus: 300, says: '300 ms' },
    }),
    figure({
      name: '4 to 0.8 Mbit/s: frozen in six seconds',
      unit: 'ms',
      ours: of((outcome) => outcome.frozenMs),
    }),
    figure({
      name: '0.8 to 4 Mbit/s: the top Layer again',
      unit: 'ms',
      ours: of((outcome) => outcome.topAfterMs),
      target: { plus: 8_000, says: '8 s' },
    }),
  ];
}

/** What is missing of a minute on the best Layer that fits. */
async function steadyLinks(place: Place): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const rate of [1_000_000, 2_000_000, WIDE]) {
    await place.link.setBottleneck('down', { rate });
    const watched = await open(place);
    await sleep(SETTLING_MS);
    const fromMs = await watched.nowMs();
    await sleep(STEADY_MS);
    const toMs = await watched.nowMs();
    const frames = await watched.frames();
    await watched.close();
    const share = shareAtLeast(frames, fromMs, toMs, bestHeight(place, rate));
    const name = `steady ${rate / 1_000_000} Mbit/s, a minute`;
    figures.push(
      figure({
        name: `${name}: share of the time below the best Layer that fits`,
        unit: '%',
        ours: [100 * (1 - share)],
        target: { plus: 10, says: '10 %' },
      }),
      figure({ name: `${name}: frozen`, unit: 'ms', ours: [frozenMs(frames, fromMs, toMs)] }),
    );
  }
  return figures;
}

function topHeight({ channel }: Place): number {
  return channel.layers.at(-1)?.height ?? 0;
}

/** With its sound and what the packets' headers take. */
function bestHeight({ channel }: Place, rate: number): number {
  const fits = channel.layers.filter(({ bitrate }) => bitrate * 1.05 + 80_000 < rate);
  return fits.at(-1)?.height ?? 0;
}

/** The cut whose lower Layer came neither early nor late. */
async function plot(outcomes: readonly CutOutcome[]): Promise<void> {
  const sorted = outcomes
    .filter(({ lowerAfterMs, topAfterMs }) => lowerAfterMs !== null && topAfterMs !== null)
    .toSorted((a, b) => (a.lowerAfterMs ?? 0) - (b.lowerAfterMs ?? 0));
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return;
  await mkdir(dirname(PLOT), { recursive: true });
  await writeFile(PLOT, plotCut(middle));
}
