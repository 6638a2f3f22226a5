import { WebSocket } from 'ws';
import { z } from 'zod';
import {
  REQUESTS,
  responseEnvelopeSchema,
  rtpCapabilitiesSchema,
  SUBPROTOCOL,
} from '../../signaling/contract/index.ts';
import { SessionPeer } from './session-peer.ts';

/**
 * A Viewer of Sessions in a process of its own: libdatachannel's threads keep a process from ending. Argument: the
 * server's URL; headers of the socket, as JSON, in SOCKET_HEADERS. Asks what its parent tells it to, and tells what it
 * hears. Ends with the process that started it.
 */
const [url = ''] = process.argv.slice(2);
const TELL_INTERVAL_MS = 20;

const orderSchema = z.object({ call: z.number(), method: z.string(), data: z.looseObject({}) });
const eventSchema = z.object({ event: z.string(), data: z.unknown() });
const welcomeSchema = z.object({ routerRtpCapabilities: rtpCapabilitiesSchema });

const tell = (message: object) => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};
process.once('disconnect', () => process.exit());

const headers = z
  .record(z.string(), z.string())
  .parse(JSON.parse(process.env['SOCKET_HEADERS'] ?? '{}'));
const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, SUBPROTOCOL, { headers });
const welcome = Promise.withResolvers<z.infer<typeof welcomeSchema>>();
const asked = new Map<number, (answer: z.infer<typeof responseEnvelopeSchema>) => void>();
let peer: SessionPeer | undefined;

socket.on('error', (error) => tell({ failed: String(error) }));
socket.on('close', (code) => tell({ closed: code }));
socket.on('message', (data: Buffer) => {
  const message: unknown = JSON.parse(data.toString());
  const event = eventSchema.safeParse(message);
  if (!event.success) {
    const answer = responseEnvelopeSchema.parse(message);
    asked.get(answer.id ?? -1)?.(answer);
    return;
  }
  if (event.data.event === 'welcome') welcome.resolve(welcomeSchema.parse(event.data.data));
  else tell({ heard: event.data });
});

async function ask(id: number, method: string, data: object) {
  const answer = new Promise<z.infer<typeof responseEnvelopeSchema>>((resolve) => {
    asked.set(id, resolve);
  });
  socket.send(JSON.stringify({ id, method, data }));
  return await answer;
}

async function openSession(id: number, data: object) {
  const { routerRtpCapabilities } = await welcome.promise;
  const next = await SessionPeer.create(routerRtpCapabilities);
  const { rtpCapabilities, dtlsParameters } = next;
  const answer = await ask(id, 'openSession', { rtpCapabilities, dtlsParameters, ...data });
  if (!answer.ok) {
    next.close();
    return answer;
  }
  peer?.close();
  peer = next;
  peer.connect(REQUESTS.openSession.result.parse(answer.data));
  return answer;
}

async function obey(order: unknown): Promise<void> {
  if (order === 'hangUp') return socket.terminate();
  if (order === 'goodbye') return socket.close(1000);
  const { call, method, data } = orderSchema.parse(order);
  const answer = await (method === 'openSession'
    ? openSession(call, data)
    : ask(call, method, data));
  tell({ answer: { ...answer, call } });
}

process.on('message', (order) => {
  obey(order).catch((error: unknown) => tell({ failed: String(error) }));
});
setInterval(() => {
  const arrived = peer?.take();
  if (arrived !== undefined) tell({ arrived });
}, TELL_INTERVAL_MS);
await welcome.promise;
tell({ ready: true });
