import { WebSocket } from 'ws';
import { z } from 'zod';
import { SUBPROTOCOL } from '../../signaling/contract/index.ts';

const messageSchema = z.looseObject({
  ok: z.boolean().optional(),
  event: z.string().optional(),
  data: z.unknown().optional(),
});

/**
 * A page that has a transport to publish over. `ended` is what it is told at the end.
 *
 * @throws {Error} with the code, where the server refuses
 */
export async function openBroadcast(
  url: string,
  request: { channelId: string; streamKey?: string },
  headers: Record<string, string> = {},
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, SUBPROTOCOL, { headers });
  const answered = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<unknown>();
  socket.on('message', (message: Buffer) => {
    const { ok, event, data } = messageSchema.parse(JSON.parse(message.toString()));
    if (ok === true) answered.resolve();
    if (ok === false) answered.reject(new Error(message.toString()));
    if (event === 'broadcastEnded') ended.resolve(data);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const value = Array.from({ length: 32 }, () => 'AB').join(':');
  const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] };
  socket.send(JSON.stringify({ id: 1, method: 'goLive', data: { ...request, dtlsParameters } }));
  try {
    await answered.promise;
  } catch (error) {
    socket.terminate();
    throw error;
  }
  return { ended: ended.promise, close: () => socket.close(1000) };
}
