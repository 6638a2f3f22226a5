/**
 * The floor under the Pump: the same payloads at the same times from ready-made buffers, a timer and a
 * socket. What this costs, any sender in Node pays.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { z } from 'zod';
import { openMediaReader } from '../../server/rtp/media-reader.ts';
import { answer } from '../support/processes.ts';
import { startOffsetsMs } from './spread.ts';

const openSchema = z.object({
  type: z.literal('open'),
  files: z.array(z.object({ file: z.string(), kind: z.enum(['video', 'audio']) })),
  targets: z.array(z.object({ ip: z.string(), port: z.number() })),
});
const messageSchema = z.discriminatedUnion('type', [
  openSchema,
  z.object({ type: z.enum(['start', 'stop', 'stats']) }),
]);

type Frame = { seconds: number; datagrams: Buffer[] };
type Stream = { socket: Socket; offsetMs: number; startMs: number; index: number; round: number };

const RTP_HEADER_BYTES = 12;
const streams: Stream[] = [];
let frames: Frame[] = [];
let period = 1;
let packets = 0;
let bytes = 0;
let timer: NodeJS.Timeout | undefined;

async function readFrames(file: string, kind: 'video' | 'audio'): Promise<Frame[]> {
  const reader = await openMediaReader(file, kind);
  const read: Frame[] = [];
  for (let second = 0; second < reader.endTime; second += 1) {
    const { times, firstPayload, payloads } = await reader.readChunk(second);
    for (const [index, seconds] of times.entries()) {
      const datagrams = payloads
        .slice(firstPayload[index], firstPayload[index + 1])
        .map((payload) => Buffer.concat([Buffer.alloc(RTP_HEADER_BYTES), payload]));
      read.push({ seconds, datagrams });
    }
  }
  period = Math.max(period, Math.floor(reader.endTime));
  reader.close();
  return read;
}

const dueMs = ({ startMs, index, round }: Stream): number =>
  startMs + (round * period + (frames[index]?.seconds ?? 0)) * 1000;

function run(): void {
  const nowMs = performance.now();
  let nextMs = Number.POSITIVE_INFINITY;
  for (const stream of streams) {
    while (dueMs(stream) <= nowMs + 2) sendFrame(stream);
    nextMs = Math.min(nextMs, dueMs(stream));
  }
  timer = setTimeout(run, Math.max(0, nextMs - performance.now()));
}

function sendFrame(stream: Stream): void {
  for (const datagram of frames[stream.index]?.datagrams ?? []) {
    stream.socket.send(datagram);
    packets += 1;
    bytes += datagram.length - RTP_HEADER_BYTES;
  }
  stream.index += 1;
  if (stream.index < frames.length) return;
  stream.index = 0;
  stream.round += 1;
}

async function openSocket({ ip, port }: { ip: string; port: number }): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.connect(port, ip);
  await once(socket, 'connect');
  return socket;
}

async function open({ files, targets }: z.infer<typeof openSchema>): Promise<void> {
  const tracks = await Promise.all(files.map(({ file, kind }) => readFrames(file, kind)));
  frames = tracks.flat().toSorted((a, b) => a.seconds - b.seconds);
  const offsets = startOffsetsMs(targets.length);
  for (const [index, target] of targets.entries()) {
    const offsetMs = offsets[index] ?? 0;
    const socket = await openSocket(target);
    streams.push({ socket, offsetMs, startMs: 0, index: 0, round: 0 });
  }
}

function start(): void {
  const nowMs = performance.now();
  for (const stream of streams) {
    stream.startMs = nowMs + stream.offsetMs;
    stream.index = 0;
    stream.round = 0;
  }
  run();
}

async function handle(message: unknown): Promise<object> {
  const request = messageSchema.parse(message);
  if (request.type === 'open') await open(request);
  if (request.type === 'start') start();
  if (request.type === 'stop') clearTimeout(timer);
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, packets, bytes };
}

answer(handle, () => {
  clearTimeout(timer);
  return Promise.resolve();
});
