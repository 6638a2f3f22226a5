import type { Browser, Page } from 'playwright-core';
import type { Asset } from '../../signaling/contract/index.ts';
import { launchChromium, openPage } from '../../test/support/chromium.ts';
import { openOverWebRtc, peerCount } from '../../test/support/on-demand.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { undoing } from '../support/undoing.ts';
import { decodingTime, type Way, Ways } from './decoding.ts';
import { filmOf, LONG, renditionFiles, type Stage, startStage } from './films.ts';
import { openHlsPage } from './hls-page.ts';
import { LeastPage } from './least.ts';
import { places, roundTripMs, type Seek, seek } from './seeing.ts';

const ROUNDS = 10;
const SEEKS_A_ROUND = 10;

const { framesPerSecond } = LONG.look;

type Measured = Seek & { playing: boolean };

type Rungs = ReturnType<typeof renditionFiles>;

/** What no player can do without, for one picture. */
type Floor = {
  /** In the Rendition that came: with a frame of the screen ... */
  seenMs: number;
  /** ... and without, as nobody can see it. */
  unseenMs: number;
  /** In the best Rendition, without a frame of the screen. */
  bestMs: number;
};

/** From the order to the right picture, in our player and in hls.js; and what no player can do without. */
export function benchSeeks({ rounds = ROUNDS }: BenchOptions): Promise<Figure[]> {
  return undoing(async (undo) => {
    const stage = await startStage(undo, { DEMO: 'off' });
    const asset = await filmOf(stage, LONG);
    const rungs = renditionFiles(stage, asset);
    const browser = await launchChromium();
    undo.push(() => browser.close());
    const pages = await openPages(browser, stage, asset);
    const peers = await peerCount(pages.ours);
    const measured = {
      ...{ ours: [] as Measured[], hls: [] as Measured[] },
      ...{ floor: [] as Floor[], sharp: [] as Measured[] },
    };
    // One more a round, where the best Rendition is waited for.
    const targets = places(rounds * (SEEKS_A_ROUND + 1), LONG.seconds * framesPerSecond - 50);
    for (let round = 0; round < rounds; round += 1) {
      const [last = 0, ...wanted] = targets.splice(0, SEEKS_A_ROUND + 1);
      const ours = await seekThrough(pages.ours, wanted);
      measured.ours.push(...ours);
      measured.sharp.push(await seekSharp(pages.ours, last, rungs));
      measured.floor.push(...(await floorOf(pages, rungs, wanted, ours)));
      measured.hls.push(...(await seekThrough(pages.hls, wanted)));
      console.error(`round ${round + 1} of ${rounds}`);
    }
    if ((await peerCount(pages.ours)) !== peers)
      throw new Error('more than one Session was opened');
    return figuresOf(measured);
  });
}

type Pages = { ours: Page; hls: Page; bare: Page; least: LeastPage };

async function openPages(browser: Browser, { server }: Stage, { id }: Asset): Promise<Pages> {
  const ours = await openOverWebRtc(browser, `${server.url}/watch/${id}`);
  await ours.evaluate(() => window.sfumato?.pause());
  const hls = await openHlsPage(browser, server.url, id);
  await hls.evaluate(() => window.sfumato?.pause());
  const bare = await emptyPage(browser, server.url);
  const least = await LeastPage.of(await emptyPage(browser, server.url));
  return { ours, hls, bare, least };
}

async function emptyPage(browser: Browser, url: string): Promise<Page> {
  const { page } = await openPage(browser, `${url}/`);
  await page.evaluate(() => document.body.replaceChildren());
  return page;
}

/** Half of them while it is paused, half while it plays. Afterwards it is paused: the others have the machine then. */
async function seekThrough(page: Page, wanted: readonly number[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [index, number] of wanted.entries()) {
    const playing = index >= wanted.length / 2;
    if (index === wanted.length / 2) await page.evaluate(() => window.sfumato?.play());
    measured.push({ ...(await seek(page, number, { framesPerSecond, playing })), playing });
  }
  await page.evaluate(() => window.sfumato?.pause());
  return measured;
}

async function seekSharp(page: Page, wanted: number, rungs: Rungs): Promise<Measured> {
  const tall = rungs.at(-1)?.height ?? 0;
  const playing = false;
  return { ...(await seek(page, wanted, { framesPerSecond, playing, tall })), playing };
}

/** One round trip, and decoding from the key frame of the Rendition that was shown. */
async function floorOf(
  { bare, least }: Pages,
  rungs: Rungs,
  wanted: readonly number[],
  ours: readonly Measured[],
): Promise<Floor[]> {
  const tripMs = await roundTripMs(bare);
  const floors: Floor[] = [];
  for (const [index, number] of wanted.entries()) {
    const height = ours[index]?.height;
    const way = await wayTo(
      number,
      rungs.find((rung) => rung.height === height),
    );
    const { ms: seenMs } = await least.seek(number, way, { framesPerSecond, playing: false });
    const unseenMs = tripMs + (await decodingTime(bare, way));
    const bestMs = tripMs + (await decodingTime(bare, await wayTo(number, rungs.at(-1))));
    floors.push({ seenMs, unseenMs, bestMs });
  }
  return floors;
}

async function wayTo(number: number, rung: Rungs[number] | undefined): Promise<Way> {
  const ways = new Ways(rung?.path ?? '');
  try {
    return await ways.to(number, framesPerSecond);
  } finally {
    ways.close();
  }
}

function figuresOf({
  ours,
  hls,
  floor,
  sharp,
}: {
  ours: Measured[];
  hls: Measured[];
  floor: Floor[];
  sharp: Measured[];
}) {
  const times = (of: Measured[]) => of.map(({ ms }) => ms);
  const which = (of: Measured[], playing: boolean) =>
    times(of.filter((it) => it.playing === playing));
  const best = floor.map(({ bestMs }) => bestMs);
  return [
    figure({
      name: 'seek: the wanted picture (floor: a round trip, decoding, and a frame of the screen)',
      unit: 'ms',
      ours: times(ours),
      floor: floor.map(({ seenMs }) => seenMs),
      target: { times: 1.5, says: '1.5 x' },
    }),
    figure({
      name: 'seek: the wanted picture (floor: hls.js)',
      unit: 'ms',
      ours: times(ours),
      floor: times(hls),
      target: { times: 0.6, says: '0.6 x' },
    }),
    figure({
      name: 'seek: the wanted picture (floor: a round trip, and decoding, which nobody sees)',
      unit: 'ms',
      ours: times(ours),
      floor: floor.map(({ unseenMs }) => unseenMs),
    }),
    figure({
      name: 'seek: the wanted picture (floor: the same in the best Rendition)',
      unit: 'ms',
      ours: times(ours),
      floor: best,
    }),
    figure({
      name: 'seek while paused: until it is in the best Rendition (floor: as before)',
      unit: 'ms',
      ours: times(sharp),
      floor: best,
    }),
    ...[false, true].map((playing) =>
      figure({
        name: `seek while ${playing ? 'playing' : 'paused'} (floor: hls.js)`,
        unit: 'ms',
        ours: which(ours, playing),
        floor: which(hls, playing),
      }),
    ),
    figure({
      name: 'seek: pictures beside the wanted one (floor: hls.js)',
      unit: 'pictures',
      ours: ours.map(({ offBy }) => offBy),
      floor: hls.map(({ offBy }) => offBy),
    }),
    ...[false, true].map((playing) =>
      figure({
        name: `seek while ${playing ? 'playing' : 'paused'}: height of what came first`,
        unit: 'px',
        ours: ours.filter((it) => it.playing === playing).map(({ height }) => height),
      }),
    ),
  ];
}
