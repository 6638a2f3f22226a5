/**
 * The floor under our server: mediasoup as its documentation shows it, one Worker, one Router, a
 * PlainTransport in, WebRtcTransports out, and nothing else.
 */
import { once } from 'node:events';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { dtlsParametersSchema, rtpCapabilitiesSchema } from '../../signaling/contract/index.ts';
import {
  BareMediasoup,
  describeConsumers,
  describeTransport,
  SOCKET_BUFFER_BYTES,
} from '../support/bare-mediasoup.ts';
import { answer } from '../support/processes.ts';
import { TOP_LAYER } from './doors.ts';

const joinSchema = z.object({
  rtpCapabilities: rtpCapabilitiesSchema,
  dtlsParameters: dtlsParametersSchema,
});

const LOOPBACK = '127.0.0.1';

const mediasoup = await BareMediasoup.start();
const server = new WebSocketServer({ host: LOOPBACK, port: 0 });

async function serve(socket: WebSocket): Promise<void> {
  const { router, producers } = mediasoup;
  const transport = await router.createWebRtcTransport({
    listenInfos: [{ protocol: 'udp', ip: LOOPBACK, sendBufferSize: SOCKET_BUFFER_BYTES }],
  });
  socket.once('close', () => transport.close());
  socket.send(JSON.stringify(router.rtpCapabilities));
  const [question] = await once(socket, 'message');
  const { rtpCapabilities, dtlsParameters } = joinSchema.parse(JSON.parse(String(question)));
  await transport.connect({ dtlsParameters });
  const consumers = await Promise.all(
    producers.map((producer) =>
      transport.consume({
        producerId: producer.id,
        rtpCapabilities,
        paused: true,
        ...(producer.kind === 'video' ? { preferredLayers: { spatialLayer: TOP_LAYER } } : {}),
      }),
    ),
  );
  const offered = {
    transport: describeTransport(transport),
    consumers: describeConsumers(consumers),
  };
  socket.send(JSON.stringify(offered));
  await once(socket, 'message');
  await Promise.all(consumers.map((consumer) => consumer.resume()));
}

server.on('connection', (socket) => {
  serve(socket).catch((error: unknown) => {
    console.error(error);
    socket.terminate();
  });
});
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;

answer(
  async (message) => ({
    target: await mediasoup.publish(message, { declareBitrates: true }),
    url: `ws://${LOOPBACK}:${port}`,
  }),
  () => Promise.resolve(mediasoup.close()),
);
