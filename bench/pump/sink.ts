/** Receives what Pumps send: a few real PlainTransports, plain sockets for the rest. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as mediasoup from 'mediasoup';
import { z } from 'zod';
import { answer } from '../support/processes.ts';

const messageSchema = z.object({ sockets: z.number(), transports: z.number() });

type Target = { ip: string; port: number };
const LOOPBACK = '127.0.0.1';
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

async function openSockets(count: number): Promise<Target[]> {
  const sockets = Array.from({ length: count }, () =>
    createSocket({ type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES }),
  );
  for (const socket of sockets) {
    socket.on('message', () => undefined);
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
  }
  return sockets.map((socket) => ({ ip: LOOPBACK, port: socket.address().port }));
}

async function openTransports(count: number): Promise<Target[]> {
  if (count === 0) return [];
  const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
  const worker = await mediasoup.createWorker({
    logLevel: 'none',
    ...(workerBin === undefined ? {} : { workerBin }),
  });
  const router = await worker.createRouter({ mediaCodecs: [] });
  const transports = await Promise.all(
    Array.from({ length: count }, () =>
      router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: LOOPBACK, recvBufferSize: SOCKET_BUFFER_BYTES },
        comedia: true,
        rtcpMux: true,
      }),
    ),
  );
  return transports.map(({ tuple }) => ({ ip: LOOPBACK, port: tuple.localPort }));
}

async function handle(message: unknown): Promise<object> {
  const { sockets, transports } = messageSchema.parse(message);
  return [...(await openTransports(transports)), ...(await openSockets(sockets))];
}

answer(handle, () => Promise.resolve());
