/** The Pump and the real mediasoup worker: what the one sends, the other takes and switches. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorker, type types } from 'mediasoup';
import { pino } from 'pino';
import { ffmpegForTests } from '../server/ffmpeg/ffmpeg-for-tests.ts';
import { onThisMachine } from './support/patience.ts';
import { demoJob } from '../server/library/demo/demo.ts';
import { makeRenditions, type RenditionFiles } from '../server/library/renditions.ts';
import type { Pump } from '../server/rtp/pump.ts';
import { createPumpPool, type PumpPool } from '../server/rtp/pump-pool.ts';
import { ABS_CAPTURE_TIME_URI } from '../server/rtp/rtp-packet.ts';

const SSRCS = { video: [2001, 2002, 2003], audio: 2004 };
const H264 = {
  'packetization-mode': 1,
  'profile-level-id': '42e01f',
  'level-asymmetry-allowed': 1,
} as const;

let folder: string;
let files: RenditionFiles;
let pumps: PumpPool;
let pump: Pump;
let worker: types.Worker;
let router: types.Router;
let video: types.Producer;
let audio: types.Producer;
let ingest: types.PlainTransport;
const reports = new Map<number, number>();

const plain = () =>
  router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: 4_194_304 },
    rtcpMux: true,
    comedia: false,
  });

/** Nobody answers here with feedback, and an estimate that never grows would hold the Layer down. */
function withoutBandwidthEstimation(capabilities: types.RtpCapabilities): types.RtpCapabilities {
  return {
    codecs: (capabilities.codecs ?? []).map((codec) => ({ ...codec, rtcpFeedback: [] })),
    headerExtensions: [],
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-pump-sfu-'));
  files = await makeRenditions(ffmpegForTests(), demoJob(4), folder, {});
  pumps = createPumpPool({ threads: 1, log: pino({ level: 'silent' }) });
  pump = await pumps.open({
    video: files.rungs.map(({ file }) => ({ file: join(folder, file) })),
    audio: files.audio && { file: join(folder, files.audio.file) },
    videoPayloadType: 96,
    audioPayloadType: 97,
    ssrcs: SSRCS,
    cname: 'pump',
    absCaptureTimeId: 1,
  });
  worker = await createWorker({ logLevel: 'error' });
  router = await worker.createRouter({
    mediaCodecs: [
      { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
      { kind: 'video', mimeType: 'video/H264', clockRate: 90_000, parameters: H264 },
    ],
  });
  ingest = await plain();
  await ingest.connect({ ip: pump.localAddress, port: pump.localPort });
  video = await ingest.produce({
    kind: 'video',
    rtpParameters: {
      codecs: [{ mimeType: 'video/H264', payloadType: 96, clockRate: 90_000, parameters: H264 }],
      headerExtensions: [{ uri: ABS_CAPTURE_TIME_URI, id: 1 }],
      encodings: SSRCS.video.map((ssrc) => ({ ssrc })),
      rtcp: { cname: 'pump' },
    },
  });
  audio = await ingest.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: 97, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: SSRCS.audio }],
      rtcp: { cname: 'pump' },
    },
  });
  for (const producer of [video, audio]) {
    await producer.enableTraceEvent(['sr']);
    producer.on('trace', ({ type, info }) => {
      const ssrc = Number(info.ssrc);
      if (type === 'sr') reports.set(ssrc, (reports.get(ssrc) ?? 0) + 1);
    });
  }
});

afterAll(async () => {
  await pumps.close();
  worker.close();
  await rm(folder, { recursive: true, force: true });
});

test('every SSRC arrives, nothing is lost, reports are taken', async () => {
  await pump.start({ ip: '127.0.0.1', port: ingest.tuple.localPort });
  await delay(2500);
  const stats = [...(await video.getStats()), ...(await audio.getStats())];
  const seen = stats.flatMap((one) => (one.type === 'inbound-rtp' ? [one] : []));
  expect(seen.map(({ ssrc }) => ssrc).toSorted()).toEqual([...SSRCS.video, SSRCS.audio]);
  for (const { ssrc, packetCount, packetsLost, packetsDiscarded, score } of seen) {
    expect({ ssrc, packetsLost, packetsDiscarded, score }).toEqual({
      ssrc,
      packetsLost: 0,
      packetsDiscarded: 0,
      score: 10,
    });
    expect(packetCount).toBeGreaterThan(60);
  }
  for (const ssrc of [...SSRCS.video, SSRCS.audio]) {
    // Five in the first second, then one a second.
    expect(reports.get(ssrc)).toBeGreaterThanOrEqual(5);
  }
});

/** What a busy machine may take besides; mediasoup's own next try would come later. */
const BUSY_MS = 500;

test('a Consumer starts on the lowest Layer and goes to the highest within a key frame', async () => {
  const egress = await plain();
  await egress.connect({ ip: '127.0.0.1', port: pump.localPort });
  const consumer = await egress.consume({
    producerId: video.id,
    rtpCapabilities: withoutBandwidthEstimation(router.rtpCapabilities),
    paused: true,
  });
  await consumer.setPreferredLayers({ spatialLayer: 0 });
  const reached = (layer: number) =>
    new Promise<number>((resolve) => {
      const beganMs = performance.now();
      consumer.on('layerschange', (layers) => {
        if (layers?.spatialLayer === layer) resolve(performance.now() - beganMs);
      });
    });
  const lowest = reached(0);
  await consumer.resume();
  expect(await lowest).toBeLessThan(onThisMachine(600 + BUSY_MS));
  const highest = reached(2);
  await consumer.setPreferredLayers({ spatialLayer: 2 });
  // A key frame every 30 frames and 300 ms.
  expect(await highest).toBeLessThan(onThisMachine(1300 + BUSY_MS));
  egress.close();
});
