/**
 * The floor under our server: mediasoup as its documentation shows it, one Worker, one Router, a
 * PlainTransport in, WebRtcTransports out, and nothing else.
 */
import { once } from 'node:events';
import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { MEDIA_CODECS } from '../../server/sfu/media-codecs.ts';
import { audioRtpParameters, videoRtpParameters } from '../../server/sfu/rtp-publishing.ts';
import { dtlsParametersSchema, rtpCapabilitiesSchema } from '../../signaling/contract/index.ts';
import { answer } from '../support/processes.ts';
import { TOP_LAYER } from './doors.ts';

const sourceSchema = z.object({
  address: z.object({ ip: z.string(), port: z.number() }),
  cname: z.string(),
  video: z.object({ ssrcs: z.array(z.number()), bitrates: z.array(z.number()) }),
  audio: z.object({ ssrc: z.number() }),
});

const joinSchema = z.object({
  rtpCapabilities: rtpCapabilitiesSchema,
  dtlsParameters: dtlsParametersSchema,
});

const LOOPBACK = '127.0.0.1';
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
const worker = await mediasoup.createWorker({
  logLevel: 'error',
  ...(workerBin === undefined ? {} : { workerBin }),
});
const router = await worker.createRouter({ mediaCodecs: MEDIA_CODECS });
const server = new WebSocketServer({ host: LOOPBACK, port: 0 });
let producers: types.Producer[] = [];

async function publish(message: unknown): Promise<object> {
  const source = sourceSchema.parse(message);
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: LOOPBACK, recvBufferSize: SOCKET_BUFFER_BYTES },
    rtcpMux: true,
  });
  await transport.connect(source.address);
  const tracks = [
    { kind: 'video' as const, rtpParameters: videoRtpParameters(source) },
    { kind: 'audio' as const, rtpParameters: audioRtpParameters(source) },
  ];
  producers = await Promise.all(
    tracks.flatMap(({ kind, rtpParameters }) =>
      rtpParameters === undefined ? [] : [transport.produce({ kind, rtpParameters })],
    ),
  );
  return { ip: LOOPBACK, port: transport.tuple.localPort };
}

async function serve(socket: WebSocket): Promise<void> {
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
  socket.send(JSON.stringify(answerOf(transport, consumers)));
  await once(socket, 'message');
  await Promise.all(consumers.map((consumer) => consumer.resume()));
}

function answerOf(transport: types.WebRtcTransport, consumers: readonly types.Consumer[]): object {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return {
    transport: { id, iceParameters, iceCandidates, dtlsParameters },
    consumers: consumers.map(({ id: consumerId, producerId, kind, rtpParameters }) => ({
      id: consumerId,
      producerId,
      kind,
      rtpParameters,
    })),
  };
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
  async (message) => ({ target: await publish(message), url: `ws://${LOOPBACK}:${port}` }),
  () => Promise.resolve(worker.close()),
);
