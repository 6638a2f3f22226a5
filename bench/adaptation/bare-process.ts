/**
 * The floor under the start: mediasoup as its documentation shows it, with a page to watch it by, and nothing tuned.
 * Arguments: the address to listen on, the page's script.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { types } from 'mediasoup';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { dtlsParametersSchema, rtpCapabilitiesSchema } from '../../signaling/contract/index.ts';
import { BareMediasoup, describeConsumers, describeTransport } from '../support/bare-mediasoup.ts';
import { answer } from '../support/processes.ts';

const PORT = 8090;
const PAGE =
  '<!doctype html><title>Plain mediasoup</title><body><script type="module" src="/page.js"></script>';

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('consume'), rtpCapabilities: rtpCapabilitiesSchema }),
  z.object({ type: z.literal('connect'), dtlsParameters: dtlsParametersSchema }),
  z.object({ type: z.literal('resume') }),
]);

const [address = '127.0.0.1', script = ''] = process.argv.slice(2);
const code = await readFile(script, 'utf8');
const mediasoup = await BareMediasoup.start();

const http = createServer((request, response) => {
  const isScript = request.url === '/page.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? code : PAGE);
});
new WebSocketServer({ server: http }).on('connection', (socket) => {
  serve(socket).catch((error: unknown) => {
    console.error(error);
    socket.terminate();
  });
});
http.listen(PORT, address);
await once(http, 'listening');

async function serve(socket: WebSocket): Promise<void> {
  const { router } = mediasoup;
  const transport = await router.createWebRtcTransport({
    listenInfos: [{ protocol: 'udp', ip: address }],
  });
  socket.once('close', () => transport.close());
  const consumers: types.Consumer[] = [];
  // As text; in one piece, as ws gives messages where it is not told otherwise.
  socket.on('message', (text: Buffer) => {
    obey(socket, transport, consumers, JSON.parse(text.toString())).catch(console.error);
  });
  const routerRtpCapabilities = router.rtpCapabilities;
  socket.send(JSON.stringify({ routerRtpCapabilities, transport: describeTransport(transport) }));
}

async function obey(
  socket: WebSocket,
  transport: types.WebRtcTransport,
  consumers: types.Consumer[],
  text: unknown,
): Promise<void> {
  const message = messageSchema.parse(text);
  if (message.type === 'connect') return transport.connect(message);
  if (message.type === 'resume') {
    await Promise.all(consumers.map((consumer) => consumer.resume()));
    return;
  }
  const { rtpCapabilities } = message;
  for (const { id: producerId } of mediasoup.producers) {
    consumers.push(await transport.consume({ producerId, rtpCapabilities, paused: true }));
  }
  socket.send(JSON.stringify(describeConsumers(consumers)));
}

answer(
  async (message) => {
    const target = await mediasoup.publish(message, { declareBitrates: false });
    return { target, url: `http://${address}:${PORT}/` };
  },
  () => Promise.resolve(mediasoup.close()),
);
