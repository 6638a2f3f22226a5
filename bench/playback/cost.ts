import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SignalingClient } from '../../signaling/client/index.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { childrenOf, proportionalBytes, readCpuTime } from '../support/proc.ts';
import { forkHelper, type Helper } from '../support/processes.ts';
import { undoing } from '../support/undoing.ts';
import { type FfmpegFilm, type FfmpegWork, FfmpegViewers } from './ffmpeg-viewers.ts';
import {
  copiesOf,
  type Film,
  filmOf,
  renditionFiles,
  SHORT,
  soundFile,
  type Stage,
  startStage,
} from './films.ts';

const ROUNDS = 3;
const OF_ONE_ASSET = 200;
const OF_DIFFERENT_ASSETS = 100;
/** What one costs does not depend on how many there are: two cores could not carry two hundred. */
const FFMPEGS: Record<FfmpegWork, number> = { encode: 4, copy: 20 };
const VIEWER_PROCESSES = 2;
const MEASURE_MS = 10_000;
const SETTLE_MS = 4_000;
/** A quick question again and again, while everything else goes on. */
const ASK_EVERY_MS = 20;

/** What a Session costs, against an ffmpeg for each Viewer. */
export function benchSessionCost({ rounds = ROUNDS }: BenchOptions): Promise<Figure[]> {
  return undoing(async (undo) => {
    const stage = await startStage(undo, { DEMO: 'off', WORKERS: '1' });
    const asset = await filmOf(stage, SHORT);
    const different = await copiesOf(stage, SHORT, OF_DIFFERENT_ASSETS);
    const crowds = [
      { name: `${OF_ONE_ASSET} Sessions of one Asset`, ids: repeated(asset.id, OF_ONE_ASSET) },
      { name: `${OF_DIFFERENT_ASSETS} Sessions of different Assets`, ids: different },
    ];
    const video = renditionFiles(stage, asset).at(-1)?.path ?? '';
    const film = { video, audio: soundFile(stage, asset), seconds: SHORT.seconds };
    const figures: Figure[] = [];
    for (const { name, ids } of crowds) {
      const ours: Cost[] = [];
      const peer: Cost[] = [];
      const floor: Cost[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await costOfSessions(stage, SHORT, ids));
        peer.push(await costOfFfmpegs(film, 'encode'));
        floor.push(await costOfFfmpegs(film, 'copy'));
      }
      console.error(`${name}: measured`);
      figures.push(...figuresOf(name, ours, { peer, floor }));
    }
    return figures;
  });
}

const repeated = (id: string, count: number) => Array.from({ length: count }, () => id);

/** Of one Viewer. */
type Cost = {
  /** Per cent of a core: what sends the film. */
  sending: number;
  /** The same while everybody seeks once in ten seconds. */
  seeking: number;
  mebibytes: number;
  packetsASecond: number;
  /** Of the server only. */
  everything?: number;
  receivedShare?: number;
  /** The 99th percentile of an answer, milliseconds. */
  answerMs?: number;
};

type State = { atMs: number; sending: number; everything: number; sent: number; received: number };

async function costOfSessions(
  { server }: Stage,
  film: Film,
  ids: readonly string[],
): Promise<Cost> {
  const before = await proportionalBytes(server.pid);
  const helpers = await openViewers(server.url, film, ids);
  const asking = new Asking(`${server.url.replace('http', 'ws')}/signal`);
  try {
    await sleep(SETTLE_MS);
    await asking.begin();
    const states = [await readState(server.pid, helpers)];
    await sleep(MEASURE_MS);
    states.push(await readState(server.pid, helpers));
    await Promise.all(helpers.map((helper) => helper.ask({ type: 'seek', withinMs: MEASURE_MS })));
    states.push(await readState(server.pid, helpers));
    const answers = asking.end();
    const memory = (await proportionalBytes(server.pid)) - before;
    return {
      ...costBetween(states, ids.length),
      mebibytes: mebi(memory / ids.length),
      answerMs: percentile99(answers),
    };
  } finally {
    asking.end();
    await Promise.all(helpers.map((helper) => helper.end()));
  }
}

async function openViewers(url: string, { seconds, look }: Film, ids: readonly string[]) {
  const top = Math.min(2, Math.floor(Math.log2((look.height * (look.enlarged ?? 1)) / 120)));
  return await Promise.all(
    Array.from({ length: VIEWER_PROCESSES }, async (_, index) => {
      const helper = await forkHelper('bench/playback/session-viewers.ts', []);
      const assetIds = ids.filter((_id, place) => place % VIEWER_PROCESSES === index);
      const signal = `${url.replace('http', 'ws')}/signal`;
      await helper.ask({ type: 'open', url: signal, assetIds, seconds, top });
      return helper;
    }),
  );
}

const countsSchema = z.array(z.object({ sent: z.number(), received: z.number() }));

/** What sends is every thread of Node's but the first, which has signaling and HTTP. */
async function readState(pid: number, helpers: readonly Helper[]): Promise<State> {
  const children = await childrenOf(pid);
  const [node, ...workers] = await Promise.all(
    [pid, ...children.map((child) => child.pid)].map(readCpuTime),
  );
  const counts = await Promise.all(
    helpers.map(async (helper) => countsSchema.parse(await helper.ask({ type: 'counts' }))),
  );
  const total = node?.total ?? 0;
  return {
    atMs: performance.now(),
    sending: total - (node?.threads.get(pid) ?? 0),
    everything: workers.reduce((sum, worker) => sum + worker.total, total),
    sent: counts.flat().reduce((sum, { sent }) => sum + sent, 0),
    received: counts.flat().reduce((sum, { received }) => sum + received, 0),
  };
}

function costBetween(states: readonly State[], viewers: number) {
  const [start, middle, end] = states;
  if (start === undefined || middle === undefined || end === undefined)
    throw new Error('no states');
  const share = (from: number, to: number, ms: number) =>
    ((to - from) / (ms / 1000) / viewers) * 100;
  const playingMs = middle.atMs - start.atMs;
  return {
    sending: share(start.sending, middle.sending, playingMs),
    seeking: share(middle.sending, end.sending, end.atMs - middle.atMs),
    everything: share(start.everything, middle.everything, playingMs),
    packetsASecond: (middle.sent - start.sent) / (playingMs / 1000) / viewers,
    receivedShare: (middle.received - start.received) / (middle.sent - start.sent),
  };
}

async function costOfFfmpegs(film: FfmpegFilm, work: FfmpegWork): Promise<Cost> {
  const count = FFMPEGS[work];
  const viewers = await FfmpegViewers.start(film, work, count);
  try {
    await sleep(SETTLE_MS);
    const spent = async () => ({
      atMs: performance.now(),
      seconds: await viewers.cpuSeconds(),
      packets: viewers.packets,
    });
    const start = await spent();
    await sleep(MEASURE_MS);
    const middle = await spent();
    const bytes = await viewers.bytesEach();
    await viewers.seek(MEASURE_MS);
    const end = await spent();
    const share = (from: typeof start, to: typeof start) =>
      ((to.seconds - from.seconds) / ((to.atMs - from.atMs) / 1000) / count) * 100;
    return {
      sending: share(start, middle),
      seeking: share(middle, end),
      mebibytes: mebi(bytes),
      packetsASecond:
        (middle.packets - start.packets) / ((middle.atMs - start.atMs) / 1000) / count,
    };
  } finally {
    viewers.close();
  }
}

/** Asks the server for its clock again and again, and notes how long each answer takes. */
class Asking {
  readonly #client: SignalingClient;
  readonly #times: number[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(url: string) {
    this.#client = new SignalingClient({ url });
  }

  async begin(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#client.on('welcome', () => resolve());
    this.#client.open();
    await promise;
    this.#timer = setInterval(() => void this.#ask(), ASK_EVERY_MS);
  }

  /** Idempotent. */
  end(): readonly number[] {
    clearInterval(this.#timer);
    this.#client.close();
    return this.#times;
  }

  async #ask(): Promise<void> {
    const startMs = performance.now();
    // One that is under way at the end is never answered.
    const answered = await this.#client.request('readClock', {}).catch(() => null);
    if (answered !== null) this.#times.push(performance.now() - startMs);
  }
}

const mebi = (bytes: number) => bytes / 1024 ** 2;

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

function figuresOf(
  name: string,
  ours: readonly Cost[],
  { peer, floor }: { peer: readonly Cost[]; floor: readonly Cost[] },
): Figure[] {
  const tenth = { times: 0.1, says: 'a tenth' };
  const against = (what: string, unit: string, pick: (cost: Cost) => number) => [
    figure({
      name: `${name}: ${what} (peer: an ffmpeg each that does the same)`,
      unit,
      ours: ours.map(pick),
      floor: peer.map(pick),
      target: tenth,
    }),
    figure({
      name: `${name}: ${what} (floor: an ffmpeg each that copies)`,
      unit,
      ours: ours.map(pick),
      floor: floor.map(pick),
    }),
  ];
  const alone = (what: string, unit: string, pick: (cost: Cost) => number | undefined) =>
    figure({ name: `${name}: ${what}`, unit, ours: ours.map((cost) => pick(cost) ?? Number.NaN) });
  return [
    ...against('CPU that sends one', '% of a core', ({ sending }) => sending),
    ...against('CPU that sends one, a seek in 10 s', '% of a core', ({ seeking }) => seeking),
    ...against('memory of one', 'MiB', ({ mebibytes }) => mebibytes),
    alone('packets of one', 'a second', ({ packetsASecond }) => packetsASecond),
    alone('CPU of one, whole server', '% of a core', ({ everything }) => everything),
    alone('packets received of those sent', '%', ({ receivedShare = 0 }) => receivedShare * 100),
    figure({
      name: `${name}: signaling, 99th percentile`,
      unit: 'ms',
      ours: ours.map(({ answerMs = Number.NaN }) => answerMs),
      target: { plus: 20, says: '20 ms' },
    }),
  ];
}
