/** The Pump with real files, a real thread and a real socket: what arrives is decoded and looked at. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { ffmpegForTests } from '../server/ffmpeg/ffmpeg-for-tests.ts';
import { readBlockCode } from '../server/library/demo/block-code.ts';
import { demoJob } from '../server/library/demo/demo.ts';
import { decodeFrames } from '../server/library/rendition-probe-for-tests.ts';
import { makeRenditions, type RenditionFiles } from '../server/library/renditions.ts';
import { annexB, createH264Depacketizer } from '../server/rtp/h264-depacketizer-for-tests.ts';
import type { PumpOptions } from '../server/rtp/pump-messages.ts';
import { createPumpPool, type PumpPool } from '../server/rtp/pump-pool.ts';
import { readNtpTime } from '../server/rtp/rtp-packet.ts';
import { until } from './support/live-server.ts';
import { RtpReceiver } from './support/rtp-receiver.ts';

const SECONDS = 3;
/** How late a busy machine may see a packet, milliseconds; a clock that jumped would be off by far more. */
const LATE_MS = 350;
/** Longer than between any two packets of a stream that goes on. */
const SILENT_MS = 300;
const FRAMES = SECONDS * 30;
const SSRCS = { video: [101, 102, 103], audio: 104 };
const ALL = [...SSRCS.video, SSRCS.audio];

const ffmpeg = ffmpegForTests();
let folder: string;
let files: RenditionFiles;
let pumps: PumpPool;
let receiver: RtpReceiver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-pump-'));
  files = await makeRenditions(ffmpeg, demoJob(SECONDS), folder, {});
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  pumps = createPumpPool({ threads: 1, log: pino({ level: 'silent' }) });
  receiver = await RtpReceiver.open();
});
afterEach(async () => {
  await pumps.close();
  receiver.close();
});

const optionsOf = (more: Partial<PumpOptions> = {}): PumpOptions => ({
  video: files.rungs.map(({ file }) => ({ file: join(folder, file) })),
  audio: files.audio && { file: join(folder, files.audio.file) },
  videoPayloadType: 96,
  audioPayloadType: 97,
  ssrcs: SSRCS,
  cname: 'test',
  absCaptureTimeId: 1,
  ...more,
});

/** Frame numbers in the picture of one SSRC's packets, decoded by ffmpeg. */
async function decode(from: RtpReceiver, ssrc: number, layer: number): Promise<(number | null)[]> {
  const depacketizer = createH264Depacketizer();
  const units = from.of(ssrc).flatMap(({ payload }) => depacketizer.push(payload));
  const rung = files.rungs[layer];
  if (!rung) throw new Error('no such layer');
  // ffmpeg's raw H.264 demuxer is not among the formats that strangers' files may have.
  const raw = join(folder, `${ssrc}.h264`);
  const wrapped = join(folder, `${ssrc}.mp4`);
  await writeFile(raw, annexB(units));
  await ffmpeg.run({ args: ['-f', 'h264', '-framerate', '30', '-i', raw, '-c', 'copy', wrapped] });
  const seen: (number | null)[] = [];
  await decodeFrames(ffmpeg, wrapped, rung, (rgba) =>
    seen.push(readBlockCode(rgba, rung.width, rung.height)),
  );
  return seen;
}

const steps = (numbers: readonly number[], modulo: number): number[] =>
  numbers.slice(1).map((number, index) => (number - (numbers[index] ?? 0) + modulo) % modulo);

describe('a round and a bit more', () => {
  let round: RtpReceiver;

  beforeAll(async () => {
    const pool = createPumpPool({ threads: 1, log: pino({ level: 'silent' }) });
    round = await RtpReceiver.open();
    const pump = await pool.open(optionsOf());
    expect(pump.period).toBeCloseTo(SECONDS, 6);
    await pump.start(round.target);
    await delay((SECONDS + 1.5) * 1000);
    await pool.close();
  });
  afterAll(() => round.close());

  test('every Layer decodes, every frame once, in order, over the seam', async () => {
    for (const [layer, ssrc] of SSRCS.video.entries()) {
      const numbers = await decode(round, ssrc, layer);
      expect(numbers.length).toBeGreaterThan(FRAMES + 20);
      expect(numbers).toEqual(numbers.map((_, index) => index % FRAMES));
    }
  });

  test('numbers and clocks run on', () => {
    expect(round.strange).toBe(0);
    for (const ssrc of ALL) {
      const sequence = round.of(ssrc).map(({ sequenceNumber }) => sequenceNumber);
      expect(new Set(steps(sequence, 2 ** 16))).toEqual(new Set([1]));
    }
    for (const ssrc of SSRCS.video) {
      const stamps = round.of(ssrc).map(({ timestamp }) => timestamp);
      expect(new Set(steps(stamps, 2 ** 32))).toEqual(new Set([0, 3000]));
    }
    const stamps = round.of(SSRCS.audio).map(({ timestamp }) => timestamp);
    expect(new Set(steps(stamps, 2 ** 32))).toEqual(new Set([960]));
  });

  test('the marker ends each picture, and its first packet says when it was taken', () => {
    const packets = round.of(103);
    for (const [index, packet] of packets.slice(0, -1).entries()) {
      const isLast = packets[index + 1]?.timestamp !== packet.timestamp;
      const isFirst = packets[index - 1]?.timestamp !== packet.timestamp;
      expect(packet.marker).toBe(isLast);
      expect(packet.extensions.has(1)).toBe(isFirst);
    }
    const taken = packets.flatMap(({ extensions }) => {
      const time = extensions.get(1);
      return time ? [readNtpTime(time, 0)] : [];
    });
    expect((taken.at(-1) ?? 0) - (taken[0] ?? 0)).toBeCloseTo(((taken.length - 1) * 1000) / 30, 1);
    const arrivedMs = performance.timeOrigin + (packets[0]?.atMs ?? 0);
    expect(Math.abs((taken[0] ?? 0) - arrivedMs)).toBeLessThan(1_000);
    expect(round.of(104).some(({ marker }) => marker)).toBe(false);
  });

  test('reports: after the first packet, five a second at first, then one, on one clock', () => {
    for (const ssrc of ALL) {
      const first = round.order.find((one) => one.ssrc === ssrc);
      expect(first?.isReport).toBe(false);
      const reports = round.reportsOf(ssrc);
      const beganMs = reports[0]?.atMs ?? 0;
      const early = reports.filter(({ atMs }) => atMs - beganMs < 950);
      expect(early.length).toBeGreaterThanOrEqual(4);
      expect(reports.length - early.length).toBeGreaterThanOrEqual(3);
      expect(reports.length - early.length).toBeLessThanOrEqual(6);
      expect(reports.every(({ cname }) => cname === 'test')).toBe(true);
    }
    // The same moment on every RTP clock: the picture's frames and the sound's say the same time.
    const captureOf = (ssrc: number, clockRate: number) => {
      const report = round.reportsOf(ssrc).at(-1);
      const packet = round.of(ssrc)[0];
      if (!report || !packet) throw new Error('nothing came');
      const ticks = (report.rtpTimestamp - packet.timestamp + 2 ** 32) % 2 ** 32;
      return report.epochMs - (ticks / clockRate) * 1000;
    };
    const [low, middle, high] = SSRCS.video.map((ssrc) => captureOf(ssrc, 90_000));
    expect(low).toBeCloseTo(high ?? 0, 0);
    expect(middle).toBeCloseTo(high ?? 0, 0);
    // The sound begins its coder's delay of 6.5 ms earlier, in the round before.
    expect((high ?? 0) - captureOf(104, 48_000)).toBeCloseTo(6.5, 0);
  });
});

test('goes on elsewhere: another port, the same clock and numbers', async () => {
  const pump = await pumps.open(optionsOf());
  await pump.start(receiver.target);
  await delay(700);
  const second = await RtpReceiver.open();
  try {
    await pump.start(second.target);
    await until(() => ALL.every((ssrc) => second.reportsOf(ssrc).length >= 4));
    for (const ssrc of ALL) {
      const [before, after] = [receiver.of(ssrc).at(-1), second.of(ssrc)[0]];
      expect(after?.sequenceNumber).toBe(((before?.sequenceNumber ?? 0) + 1) & 0xffff);
      const clockRate = ssrc === SSRCS.audio ? 48_000 : 90_000;
      const ticks = ((after?.timestamp ?? 0) - (before?.timestamp ?? 0) + 2 ** 32) % 2 ** 32;
      const passedMs = (after?.atMs ?? 0) - (before?.atMs ?? 0);
      expect(Math.abs((ticks / clockRate) * 1000 - passedMs)).toBeLessThan(LATE_MS);
    }
    // It begins with a key frame: a STAP-A.
    expect((second.of(101)[0]?.payload[0] ?? 0) & 31).toBe(24);
    expect((second.of(103)[0]?.payload[0] ?? 0) & 31).toBe(24);
    expect(second.order.find(({ ssrc }) => ssrc === 101)?.isReport).toBe(false);
  } finally {
    second.close();
  }
});

test('in step with the wall clock: the picture shows the position of this moment', async () => {
  const pump = await pumps.open(optionsOf({ alignToWallClock: true }));
  await pump.start(receiver.target);
  await delay(1000);
  const { position, packets, bytes, skips } = await pump.stats();
  const expected = (Date.now() / 1000) % SECONDS;
  const apart = Math.abs((position % SECONDS) - expected);
  expect(Math.min(apart, SECONDS - apart) * 1000).toBeLessThan(LATE_MS);
  expect(packets).toBeGreaterThan(50);
  expect(bytes).toBeGreaterThan(10_000);
  expect(skips).toBe(0);
});

test('stopped it is silent, started it joins the broadcast where it then is', async () => {
  const pump = await pumps.open(optionsOf());
  await pump.start(receiver.target);
  await delay(400);
  pump.stop();
  await pump.stats();
  await delay(50);
  const count = receiver.packets.length;
  await delay(400);
  expect(receiver.packets.length).toBe(count);
  await pump.start(receiver.target);
  await delay(600);
  const sound = receiver.of(104);
  expect(
    new Set(
      steps(
        sound.map(({ sequenceNumber }) => sequenceNumber),
        2 ** 16,
      ),
    ),
  ).toEqual(new Set([1]));
  const [first, last] = [sound[0], sound.at(-1)];
  const heardMs = (((last?.timestamp ?? 0) - (first?.timestamp ?? 0) + 2 ** 32) % 2 ** 32) / 48;
  expect(Math.abs(heardMs - ((last?.atMs ?? 0) - (first?.atMs ?? 0)))).toBeLessThan(LATE_MS);
});

describe('sound or picture alone', () => {
  test('sound', async () => {
    const pump = await pumps.open(optionsOf({ video: [], ssrcs: { video: [], audio: 104 } }));
    await pump.start(receiver.target);
    await until(() => receiver.of(104).length > 15);
    expect(receiver.packets.length).toBe(receiver.of(104).length);
  });

  test('picture', async () => {
    const pump = await pumps.open(optionsOf({ audio: undefined }));
    await pump.start(receiver.target);
    await until(() => receiver.packets.length > 100);
    expect(new Set(receiver.packets.map(({ ssrc }) => ssrc))).toEqual(new Set(SSRCS.video));
  });
});

describe('what goes wrong', () => {
  test('a missing file is said when it is opened', async () => {
    const options = optionsOf({ audio: { file: join(folder, 'nothing.mp4') } });
    await expect(pumps.open(options)).rejects.toThrow('nothing.mp4');
  });

  test('a file that is no Rendition', async () => {
    const file = join(folder, 'text.mp4');
    await writeFile(file, 'no media');
    await expect(pumps.open(optionsOf({ audio: { file } }))).rejects.toThrow();
  });

  test('nobody listens: it goes on, counts, and can be sent elsewhere', async () => {
    const pump = await pumps.open(optionsOf());
    const gone = await RtpReceiver.open();
    const { target } = gone;
    gone.close();
    await pump.start(target);
    await until(async () => (await pump.stats()).sendErrors > 0);
    await pump.start(receiver.target);
    await until(() => receiver.packets.length > 10);
  });

  test('closed twice, and asked after that', async () => {
    const pump = await pumps.open(optionsOf());
    await pump.start(receiver.target);
    pump.close();
    pump.close();
    pump.stop();
    await expect(pump.stats()).rejects.toThrow('closed');
    await expect(pump.start(receiver.target)).rejects.toThrow('closed');
    expect(await pumps.threadStats()).toMatchObject([{ pumps: 0 }]);
  });

  test('a closed pool takes its Pumps with it and opens no more', async () => {
    const pump = await pumps.open(optionsOf());
    let failed = 0;
    pump.onFailed(() => {
      failed += 1;
    });
    await pump.start(receiver.target);
    await pumps.close();
    await pumps.close();
    await expect(pump.stats()).rejects.toThrow();
    await expect(pumps.open(optionsOf())).rejects.toThrow('closed');
    expect(failed).toBe(0);
  });
});

describe('one round and no more', () => {
  /** The word of the end may be here before the last packets are read; nothing follows them. */
  const silence = async () => {
    let seen = -1;
    await until(async () => {
      const before = seen;
      seen = receiver.packets.length;
      if (before !== seen) await delay(SILENT_MS);
      return before === seen;
    });
  };

  const ended = async (more: Partial<PumpOptions>, between = async () => {}) => {
    const pump = await pumps.open(optionsOf(more));
    let endedMs: number | undefined;
    pump.onEnded(() => {
      endedMs = performance.now();
    });
    const startedMs = performance.now();
    await pump.start(receiver.target);
    await between();
    if (more.once !== true) pump.finishRound();
    await until(() => endedMs !== undefined);
    await silence();
    return (endedMs ?? 0) - startedMs;
  };

  test('every frame once, and then it says that it has ended', async () => {
    const tookMs = await ended({ once: true });
    expect(tookMs).toBeGreaterThan((SECONDS - 0.1) * 1_000);
    expect(tookMs).toBeLessThan(SECONDS * 1_000 + LATE_MS);
    for (const [layer, ssrc] of SSRCS.video.entries()) {
      const numbers = await decode(receiver, ssrc, layer);
      expect(numbers).toEqual(Array.from({ length: FRAMES }, (_, index) => index));
    }
  });

  test('or from the middle on, at a key frame', async () => {
    const tookMs = await ended({ once: true, beginAt: 2 });
    expect(tookMs).toBeGreaterThan(900);
    expect(tookMs).toBeLessThan(1_000 + LATE_MS);
    const numbers = await decode(receiver, 101, 0);
    expect(numbers[0]).toBeGreaterThanOrEqual(60);
    expect(numbers[0]).toBeLessThan(70);
    expect(numbers.at(-1)).toBe(FRAMES - 1);
  });

  test('where it went round and round and is told that this is the last', async () => {
    await ended({}, () => delay((SECONDS + 0.5) * 1_000));
    const numbers = await decode(receiver, 102, 1);
    expect(numbers).toEqual(Array.from({ length: 2 * FRAMES }, (_, index) => index % FRAMES));
  });
});
