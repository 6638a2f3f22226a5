import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Prepared } from '../../server/library/library.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { type Figure, figure } from '../support/figure.ts';
import { DATA_DIR, makeClip, prepare } from '../support/media.ts';
import { childrenOf, readCpuTime } from '../support/proc.ts';
import { forkHelper, type Helper } from '../support/processes.ts';
import { interleave } from '../support/statistics.ts';

const VIEWERS = [1, 25, 100, 200];
const ROUNDS = 3;

/** Seconds of one measurement, and before it for every Viewer to be on the top Layer. */
const MEASURE_SECONDS = 8;
const SETTLE_SECONDS = 4;

/** Processes that the Viewers are spread over. */
const VIEWER_PROCESSES = 2;

const CLIP = 'restless';

/** Something that forwards, and how Viewers get to it. */
type Forwarder = {
  url: string;
  channelId: string | undefined;
  /** The process whose CPU time counts, with its children. */
  pid: number;
  end(): Promise<void>;
};

type Cost = {
  /** Milliseconds of CPU time for a thousand packets sent: the mediasoup workers alone. */
  workers: number;
  /** The same of everything: Node and, in ours, the Pump. */
  everything: number;
  /** Per cent of a core for each Viewer, everything. */
  percentAViewer: number;
  packetsASecondAViewer: number;
  /** Of what was sent. */
  receivedShare: number;
};

/** (d) What it costs to forward, against a mediasoup that does nothing else. */
export async function benchForwarding(): Promise<Figure[]> {
  const file = await makeClip(`${CLIP}.mp4`, { length: 20 });
  const prepared = await prepare(file);
  const ours = await startOurs(file, { WORKERS: '1' });
  const bare = await startBare(prepared);
  const figures: Figure[] = [];
  for (const count of VIEWERS) figures.push(...(await compare(count, ours, bare, '1 worker')));
  await ours.end();
  const oursOnAllCores = await startOurs(file, { WORKERS: '' });
  figures.push(...(await compare(100, oursOnAllCores, bare, 'a worker a core')));
  await Promise.all([oursOnAllCores.end(), bare.end()]);
  return figures;
}

async function compare(
  count: number,
  ours: Forwarder,
  bare: Forwarder,
  workers: string,
): Promise<Figure[]> {
  const { a, b } = await interleave(
    ROUNDS,
    () => measure(ours, count),
    () => measure(bare, count),
  );
  const of = (name: string, unit: string, pick: (cost: Cost) => number, times?: number) =>
    figure({
      name: `${count} ${count === 1 ? 'Viewer' : 'Viewers'}, ${workers}: ${name}`,
      unit,
      ours: a.map(pick),
      floor: b.map(pick),
      ...(times === undefined ? {} : { target: { times, says: `${times} x` } }),
    });
  return [
    of('CPU for 1000 packets, workers', 'ms', (cost) => cost.workers, 1.1),
    of('CPU for 1000 packets, everything', 'ms', (cost) => cost.everything),
    of('CPU for a Viewer, everything', '% of a core', (cost) => cost.percentAViewer),
    of('packets to a Viewer', 'a second', (cost) => cost.packetsASecondAViewer),
    of('packets received of those sent', '%', (cost) => cost.receivedShare * 100),
  ];
}

async function startOurs(file: string, settings: Record<string, string>): Promise<Forwarder> {
  const server = await ServerProcess.start({ files: [file], settings: { DATA_DIR, ...settings } });
  return {
    url: `${server.url.replace('http', 'ws')}/signal`,
    channelId: CLIP,
    pid: server.pid,
    end: () => server.stop(),
  };
}

const targetSchema = z.object({
  target: z.object({ ip: z.string(), port: z.number() }),
  url: z.string(),
});
const sourceSchema = z.record(z.string(), z.unknown());

async function startBare({ rungs, audio }: Prepared): Promise<Forwarder> {
  const feeder = await forkHelper('bench/forwarding/feeder.ts', []);
  const forwarder = await forkHelper('bench/forwarding/bare-forwarder.ts', []);
  const source = sourceSchema.parse(await feeder.ask({ type: 'open', video: rungs, audio }));
  const { target, url } = targetSchema.parse(await forwarder.ask(source));
  await feeder.ask({ type: 'start', target });
  return {
    url,
    channelId: undefined,
    pid: forwarder.pid,
    end: async () => void (await Promise.all([feeder.end(), forwarder.end()])),
  };
}

const countsSchema = z.array(z.object({ sent: z.number(), received: z.number() }));
type Counts = z.infer<typeof countsSchema>;

async function measure(forwarder: Forwarder, count: number): Promise<Cost> {
  const helpers = await joinViewers(forwarder, count);
  try {
    await sleep(SETTLE_SECONDS * 1000);
    const before = await readState(forwarder, helpers);
    await sleep(MEASURE_SECONDS * 1000);
    const after = await readState(forwarder, helpers);
    return costBetween(before, after);
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()));
  }
}

async function joinViewers({ url, channelId }: Forwarder, count: number): Promise<Helper[]> {
  const processes = Math.min(VIEWER_PROCESSES, count);
  return await Promise.all(
    Array.from({ length: processes }, async (_, index) => {
      const helper = await forkHelper('bench/forwarding/viewer-process.ts', []);
      const share = Math.floor((count + index) / processes);
      await helper.ask({ type: 'join', url, channelId, count: share });
      return helper;
    }),
  );
}

type State = { atMs: number; workers: number; node: number; counts: Counts };

async function readState({ pid }: Forwarder, helpers: Helper[]): Promise<State> {
  const children = await childrenOf(pid);
  const [node, ...workers] = await Promise.all(
    [pid, ...children.map((child) => child.pid)].map(readCpuTime),
  );
  const counts = await Promise.all(
    helpers.map(async (helper) => countsSchema.parse(await helper.ask({ type: 'counts' }))),
  );
  return {
    atMs: performance.now(),
    workers: workers.reduce((sum, { total }) => sum + total, 0),
    node: node?.total ?? 0,
    counts: counts.flat(),
  };
}

function costBetween(before: State, after: State): Cost {
  const viewers = after.counts.length;
  const seconds = (after.atMs - before.atMs) / 1000;
  const sent = packets(after, 'sent') - packets(before, 'sent');
  const received = packets(after, 'received') - packets(before, 'received');
  const workers = after.workers - before.workers;
  const everything = workers + after.node - before.node;
  return {
    workers: (workers * 1e6) / sent,
    everything: (everything * 1e6) / sent,
    percentAViewer: (everything / seconds / viewers) * 100,
    packetsASecondAViewer: sent / seconds / viewers,
    receivedShare: received / sent,
  };
}

function packets({ counts }: State, what: 'sent' | 'received'): number {
  return counts.reduce((sum, count) => sum + count[what], 0);
}
