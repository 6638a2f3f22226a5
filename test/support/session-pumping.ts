import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { pino } from 'pino';
import { ffmpegForTests } from '../../server/ffmpeg/ffmpeg-for-tests.ts';
import { demoJob } from '../../server/library/demo/demo.ts';
import { makeRenditions, type RenditionFiles } from '../../server/library/renditions.ts';
import { createPumpPool, type PumpPool } from '../../server/rtp/pump-pool.ts';
import { buildPictureLossIndication } from '../../server/rtp/rtcp-feedback.ts';
import type {
  PumpPlayhead,
  SessionOrder,
  SessionPump,
  SessionPumpOptions,
} from '../../server/rtp/session-pump.ts';
import { until } from './live-server.ts';
import { RtpReceiver } from './rtp-receiver.ts';
import { KnownPictures, type TracedPicture } from './session-trace.ts';

export const SECONDS = 6;
export const FRAMES = SECONDS * 30;
export const SSRCS = { video: 201, audio: 202 };

const ffmpeg = ffmpegForTests();
export let folder: string;
/** What was made of the clip. */
export let files: RenditionFiles;
let known: KnownPictures;
export let pumps: PumpPool;
export let receiver: RtpReceiver;

export const fileOf = (rung: { file: string } | undefined) => join(folder, rung?.file ?? 'nothing');

/** Files once for all tests of a suite; threads and a receiver for each. */
export function useSessionPumps(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-session-pump-'));
    files = await makeRenditions(ffmpeg, demoJob(SECONDS), folder, {});
    known = await KnownPictures.of(files.rungs.map(fileOf));
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
}

/** As a receiver does that has missed a picture for good. */
export const sayLost = (pump: SessionPump, ssrc = SSRCS.video) =>
  receiver.send(buildPictureLossIndication(1, ssrc), pump.localPort);

export const optionsOf = (more: Partial<SessionPumpOptions> = {}): SessionPumpOptions => ({
  video: files.rungs.map((rung) => ({ file: fileOf(rung) })),
  audio: { file: fileOf(files.audio) },
  videoPayloadType: 96,
  audioPayloadType: 97,
  ssrcs: SSRCS,
  cname: 'test',
  ...more,
});

export async function openSession(more: Partial<SessionPumpOptions> = {}): Promise<SessionPump> {
  const pump = await pumps.openSession(optionsOf(more));
  await pump.connect(receiver.target);
  return pump;
}

export const order = (at: number, more: Partial<SessionOrder> = {}): SessionOrder => ({
  at,
  rate: 0,
  rendition: 0,
  burstBytes: 1e9,
  ...more,
});

export const pictures = (from = 0): TracedPicture[] => known.trace(receiver, SSRCS.video, from);
export const came = () => receiver.of(SSRCS.video).length;
export const range = (from: number, end: number) =>
  Array.from({ length: end - from }, (_, index) => from + index);
export const numbers = (some: readonly TracedPicture[]) => some.map(({ number }) => number);
export const ticks = (from: number, to: number) => (to - from + 2 ** 32) % 2 ** 32;

/** The picture that a playhead tells of, when it has come. */
export async function presented({ rtpTimestamp }: PumpPlayhead): Promise<TracedPicture> {
  const find = () =>
    pictures().find(({ timestamp, number }) => timestamp === rtpTimestamp && number !== undefined);
  await until(() => find() !== undefined);
  const picture = find();
  if (!picture) throw new Error('It did not come.');
  return picture;
}

/** Nothing was lost, every picture is one of the files', and the clock only went forward. */
export function expectUnbroken(): void {
  for (const ssrc of Object.values(SSRCS)) {
    const packets = receiver.of(ssrc);
    const jumps = packets
      .slice(1)
      .filter(
        ({ sequenceNumber }, index) =>
          ((packets[index]?.sequenceNumber ?? 0) + 1) % 2 ** 16 !== sequenceNumber,
      );
    expect(jumps).toEqual([]);
  }
  const all = pictures();
  expect(all.filter(({ number }) => number === undefined)).toEqual([]);
  for (const [index, { timestamp }] of all.slice(1).entries()) {
    const rise = ticks(all[index]?.timestamp ?? 0, timestamp);
    expect(rise).toBeGreaterThan(0);
    expect(rise).toBeLessThan(2 ** 31);
  }
  const sound = receiver.of(SSRCS.audio);
  for (const [index, { timestamp }] of sound.slice(1).entries()) {
    const rise = ticks(sound[index]?.timestamp ?? 0, timestamp);
    expect(rise).toBeGreaterThanOrEqual(959);
    expect(rise).toBeLessThan(2 ** 31);
  }
}

/** What a playhead says of the pictures from its own on is what they are. */
export function expectMapped(
  { rtpTimestamp, position, rate }: PumpPlayhead,
  of = pictures(),
): void {
  const from = of.findIndex(({ timestamp }) => timestamp === rtpTimestamp);
  expect(from).toBeGreaterThanOrEqual(0);
  for (const { timestamp, number } of of.slice(from)) {
    const at = position + (rate * ticks(rtpTimestamp, timestamp)) / 90_000;
    expect(Math.abs(at - (number ?? -1) / 30)).toBeLessThan(0.0005);
  }
}

export const isAfter =
  ({ rtpTimestamp }: PumpPlayhead) =>
  ({ timestamp }: TracedPicture) =>
    ticks(rtpTimestamp, timestamp) < 2 ** 31;
