import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { SUBPROTOCOL } from '../../signaling/contract/index.ts';
import { corpusOffer } from './offers.ts';

const messageSchema = z.looseObject({
  event: z.string().optional(),
  data: z.looseObject({ routerRtpCapabilities: z.unknown().optional() }).optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});

interface SocketRequest {
  method: string;
  data: Record<string, unknown>;
}

/** Asks the socket for a Channel. @returns what came of it */
export async function joinChannel(url: string, channelId: string): Promise<string> {
  const error = await askOnce(url, { method: 'join', data: { channelId } }, {});
  return error?.message.includes('channelId') ? 'no such Channel' : (error?.message ?? 'joined');
}

/** Asks the socket for something. @returns `ok`, or the error's code */
export async function askSocket(
  url: string,
  request: SocketRequest,
  headers: Record<string, string>,
): Promise<string> {
  return (await askOnce(url, request, headers))?.code ?? 'ok';
}

/** On a socket of its own, with what opens a connection. @returns the error, if it is refused */
async function askOnce(
  url: string,
  { method, data }: SocketRequest,
  headers: Record<string, string>,
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, SUBPROTOCOL, { headers });
  const next = async () => {
    const [message] = await once(socket, 'message');
    return messageSchema.parse(JSON.parse(String(message)));
  };
  const { data: welcome } = await next();
  const value = Array.from({ length: 32 }, () => 'AB').join(':');
  const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] };
  const parameters = { rtpCapabilities: welcome?.routerRtpCapabilities, dtlsParameters };
  socket.send(JSON.stringify({ id: 1, method, data: { ...parameters, ...data } }));
  let answer = await next();
  while (answer.event !== undefined) answer = await next();
  socket.terminate();
  return answer.error;
}

/** Asks WHEP for a Channel with the offer of a browser. @returns the status */
export async function askWhep(
  url: string,
  channelId: string,
  headers: Record<string, string>,
): Promise<number> {
  const { status, body } = await fetch(`${url}/whep/${channelId}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', ...headers },
    body: corpusOffer('chromium-whep'),
  });
  await body?.cancel();
  return status;
}
