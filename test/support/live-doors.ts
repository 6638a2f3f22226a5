import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { SUBPROTOCOL } from '../../signaling/contract/index.ts';
import { corpusOffer } from './offers.ts';

const messageSchema = z.looseObject({
  data: z.looseObject({ routerRtpCapabilities: z.unknown() }).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

/** Asks the socket for a Channel, with a request that is whole but for its name. @returns what came of it */
export async function joinChannel(url: string, channelId: string): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, SUBPROTOCOL);
  const next = async () => {
    const [data] = await once(socket, 'message');
    return messageSchema.parse(JSON.parse(String(data)));
  };
  const { data: welcome } = await next();
  const value = Array.from({ length: 32 }, () => 'AB').join(':');
  const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] };
  const data = { channelId, rtpCapabilities: welcome?.routerRtpCapabilities, dtlsParameters };
  socket.send(JSON.stringify({ id: 1, method: 'join', data }));
  const { error } = await next();
  socket.terminate();
  return error?.message.includes('channelId') ? 'no such Channel' : (error?.message ?? 'joined');
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
