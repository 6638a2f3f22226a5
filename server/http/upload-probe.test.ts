import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import { errors } from './errors.ts';
import { UPLOAD_PROBE_LIMITS, UPLOAD_TYPE, UploadProbe } from './upload-probe.ts';

let server: Server;

async function start(limits: Partial<Record<keyof typeof UPLOAD_PROBE_LIMITS, number>>) {
  const probe = new UploadProbe({ ...UPLOAD_PROBE_LIMITS, ...limits });
  const app = express();
  app.post('/:id', async (incoming, response) => {
    response.json(await probe.take(incoming.params.id, incoming));
  });
  app.use(errors(pino({ level: 'silent' })));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function open(id: string, headers: Record<string, string>) {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const sent = request({ port, host: '127.0.0.1', path: `/${id}`, method: 'POST', headers });
  const answer = new Promise<{ status: number | undefined; connection: string | undefined }>(
    (resolve, reject) => {
      sent.once('error', reject);
      sent.once('response', (response) => {
        const { statusCode: status, headers: answered } = response;
        response.resume();
        resolve({ status, connection: answered.connection });
      });
    },
  );
  return { sent, answer };
}

async function post(id: string, count: number): Promise<number | undefined> {
  const { sent, answer } = open(id, {
    'content-type': UPLOAD_TYPE,
    'content-length': String(count),
  });
  sent.end(Buffer.alloc(count));
  return (await answer).status;
}

describe('UploadProbe', () => {
  test('so many bytes a Channel and minute, and no more', async () => {
    await start({ bytesAMinute: 2_500 });
    expect(await post('one', 1_000)).toBe(200);
    expect(await post('one', 1_000)).toBe(200);
    expect(await post('one', 1_000)).toBe(429);
    expect(await post('other', 1_000)).toBe(200);
  });

  test('what has no announced length is not read, and its connection is closed', async () => {
    await start({});
    const { sent, answer } = open('one', { 'content-type': UPLOAD_TYPE });
    sent.write('x');
    expect(await answer).toEqual({ status: 413, connection: 'close' });
    sent.destroy();
  });

  test('what comes too slowly is cut off, and so are too many at once', async () => {
    await start({ timeMs: 500, atOnce: 1 });
    const headers = { 'content-type': UPLOAD_TYPE, 'content-length': '100000' };
    const slow = open('one', headers);
    slow.sent.write('x');
    await once(server, 'request');
    expect(await post('one', 10)).toBe(429);
    expect(await slow.answer).toEqual({ status: 504, connection: 'close' });
    slow.sent.destroy();
    expect(await post('one', 10)).toBe(200);
  });

  test('a sender that breaks off leaves nothing behind', async () => {
    await start({ atOnce: 1 });
    const { sent, answer } = open('one', {
      'content-type': UPLOAD_TYPE,
      'content-length': '1000',
    });
    sent.write('x');
    await once(server, 'request');
    sent.destroy();
    await expect(answer).rejects.toThrow('socket hang up');
    let status = await post('one', 10);
    while (status === 429) status = await post('one', 10);
    expect(status).toBe(200);
  });
});
