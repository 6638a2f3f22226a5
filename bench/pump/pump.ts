import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import type { Prepared } from '../../server/library/library.ts';
import type { Pump } from '../../server/rtp/pump.ts';
import { createPumpPool, type PumpPool } from '../../server/rtp/pump-pool.ts';
import { type Figure, figure } from '../support/figure.ts';
import { makeClip, prepare } from '../support/media.ts';
import { forkHelper } from '../support/processes.ts';
import { interleave } from '../support/statistics.ts';
import { startOffsetsMs } from './spread.ts';

/** Seconds of one measurement, and before it for the start's work to be done. */
const MEASURE_SECONDS = 8;
const SETTLE_SECONDS = 2;
const ROUNDS = 3;

/** Packets until V8 has compiled what sends them: broadcasts last hours, and so their first seconds are left out. */
const WARM_UP_PACKETS = 8_000;

/** How many of the Pumps feed a real PlainTransport. */
const REAL_TRANSPORTS = 4;

/** The unit of the target: one core's share for each stream of so many bits a second. */
const STREAM_BITRATE = 2_000_000;

const targetsSchema = z.array(z.object({ ip: z.string(), port: z.number() }));
const usageSchema = z.object({ cpuSeconds: z.number(), packets: z.number(), bytes: z.number() });
type Usage = z.infer<typeof usageSchema>;
type Targets = z.infer<typeof targetsSchema>;

type Cost = {
  /** Per cent of a core for each 2 Mbit/s. */
  percent: number;
  /** Microseconds of CPU time a packet. */
  microsecondsAPacket: number;
};

/** Something that sends to every target, and can be silenced and go on. */
type Sender = {
  start(): Promise<void>;
  stop(): Promise<void>;
  usage(): Promise<Usage>;
  end(): Promise<void>;
};

/** (e) What it costs to send a prepared file, against sending the same bytes from memory. */
export async function benchPump(): Promise<Figure[]> {
  const prepared = await prepare(await makeClip('restless.mp4', { length: 20 }));
  const figures: Figure[] = [];
  for (const streams of [1, 10, 100]) figures.push(...(await measureStreams(prepared, streams)));
  return figures;
}

async function measureStreams(prepared: Prepared, streams: number): Promise<Figure[]> {
  const sink = await forkHelper('bench/pump/sink.ts', []);
  const transports = Math.min(REAL_TRANSPORTS, streams);
  const targets = targetsSchema.parse(
    await sink.ask({ transports, sockets: streams - transports }),
  );
  const pumps = await openPumps(prepared, targets);
  const bare = await openBareSender(prepared, targets);
  await warmUp(pumps);
  await warmUp(bare);
  const { a, b } = await interleave(
    ROUNDS,
    () => measure(pumps),
    () => measure(bare),
  );
  await Promise.all([pumps.end(), bare.end(), sink.end()]);
  return figuresOf(streams, a, b);
}

function figuresOf(streams: number, pumps: Cost[], bare: Cost[]): Figure[] {
  const plural = streams === 1 ? '1 stream' : `${streams} streams`;
  return [
    figure({
      name: `Pump, ${plural}: CPU for each 2 Mbit/s`,
      unit: '% of a core',
      ours: pumps.map(({ percent }) => percent),
      floor: bare.map(({ percent }) => percent),
      target: { plus: 0.5, says: '0.5 %' },
    }),
    figure({
      name: `Pump, ${plural}: CPU a packet`,
      unit: 'µs',
      ours: pumps.map(({ microsecondsAPacket }) => microsecondsAPacket),
      floor: bare.map(({ microsecondsAPacket }) => microsecondsAPacket),
    }),
  ];
}

async function openPumps(prepared: Prepared, targets: Targets): Promise<Sender> {
  const pool = createPumpPool({ log: pino({ level: 'silent' }), threads: 1 });
  const pumps = await Promise.all(targets.map(() => openPump(pool, prepared)));
  return {
    async start() {
      const startMs = performance.now();
      const offsets = startOffsetsMs(targets.length);
      for (const [index, target] of targets.entries()) {
        await sleep(Math.max(0, startMs + (offsets[index] ?? 0) - performance.now()));
        await pumps[index]?.start(target);
      }
    },
    stop() {
      for (const pump of pumps) pump.stop();
      return Promise.resolve();
    },
    usage: () => usageOf(pool, pumps),
    end: () => pool.close(),
  };
}

function openPump(pool: PumpPool, { rungs, audio }: Prepared): Promise<Pump> {
  return pool.open({
    video: rungs,
    audio,
    videoPayloadType: 96,
    audioPayloadType: 97,
    ssrcs: { video: rungs.map((_, index) => 1000 + index), audio: 2000 },
    cname: 'bench',
    absCaptureTimeId: 1,
  });
}

async function usageOf(pool: PumpPool, pumps: readonly Pump[]): Promise<Usage> {
  const stats = await Promise.all(pumps.map((pump) => pump.stats()));
  const threads = await pool.threadStats();
  return {
    cpuSeconds: threads.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    packets: stats.reduce((sum, { packets }) => sum + packets, 0),
    bytes: stats.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function openBareSender({ rungs, audio }: Prepared, targets: Targets): Promise<Sender> {
  const sender = await forkHelper('bench/pump/bare-sender.ts', []);
  const files = [
    ...rungs.map(({ file }) => ({ file, kind: 'video' })),
    ...(audio === undefined ? [] : [{ file: audio.file, kind: 'audio' }]),
  ];
  await sender.ask({ type: 'open', files, targets });
  const ask = async (type: string) => usageSchema.parse(await sender.ask({ type }));
  return {
    start: async () => void (await ask('start')),
    stop: async () => void (await ask('stop')),
    usage: () => ask('stats'),
    end: () => sender.end(),
  };
}

async function warmUp(sender: Sender): Promise<void> {
  const { packets } = await sender.usage();
  await sender.start();
  while ((await sender.usage()).packets - packets < WARM_UP_PACKETS) await sleep(500);
  await sender.stop();
}

async function measure(sender: Sender): Promise<Cost> {
  await sender.start();
  await sleep(SETTLE_SECONDS * 1000);
  const before = await sender.usage();
  const startMs = performance.now();
  await sleep(MEASURE_SECONDS * 1000);
  const after = await sender.usage();
  const seconds = (performance.now() - startMs) / 1000;
  await sender.stop();
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const bitsASecond = ((after.bytes - before.bytes) * 8) / seconds;
  return {
    percent: ((cpuSeconds / seconds) * 100) / (bitsASecond / STREAM_BITRATE),
    microsecondsAPacket: (cpuSeconds * 1e6) / (after.packets - before.packets),
  };
}
