import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  CLOSE_CODES,
  MAX_REQUEST_BYTES,
  type ResponseEnvelope,
  responseEnvelopeSchema,
  SfumatoError,
  SUBPROTOCOL,
} from '../contract/index.ts';
import type { Handlers } from './dispatch.ts';
import { type Client, SignalingServer } from './signaling-server.ts';

interface Context {
  client: Client;
}

/** What `endBroadcast` waits for, and how often `leaveParty` was asked. */
let hold = Promise.resolve();
let asked = 0;

/** `readClock` answers, `resume` refuses, `leave` breaks, `setPreferredLayer` talks far too much. */
const handlers: Handlers<Context> = {
  join: () => Promise.reject(new SfumatoError('notFound', 'no')),
  zap: () => Promise.reject(new SfumatoError('notFound', 'no')),
  resume: () => Promise.reject(new SfumatoError('notJoined', 'no', { hint: 'join' })),
  restartIce: () => Promise.reject(new SfumatoError('notJoined', 'no')),
  goLive: () => Promise.reject(new SfumatoError('unauthorized', 'no')),
  produce: () => Promise.reject(new SfumatoError('notJoined', 'no')),
  closeProducer: () => Promise.reject(new SfumatoError('notJoined', 'no')),
  endBroadcast: async () => {
    await hold;
    return {};
  },
  joinParty: () => Promise.reject(new SfumatoError('notFound', 'no')),
  leaveParty: () => {
    asked += 1;
    return Promise.resolve({});
  },
  steerParty: () => Promise.reject(new SfumatoError('notJoined', 'no')),
  openSession: () => Promise.reject(new SfumatoError('notFound', 'no')),
  steerSession: () => Promise.reject(new SfumatoError('notJoined', 'no')),
  renewGrant: () => Promise.reject(new SfumatoError('notJoined', 'no')),
  reportCongestion: () => Promise.resolve({}),
  reportDevice: () => Promise.resolve({}),
  reportQuality: () => Promise.resolve({}),
  leave: () => Promise.reject(new Error('secret detail')),
  readClock: () => Promise.resolve({ serverTimeMs: 1 }),
  setPreferredLayer: (_data, { client }) => {
    const message = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 64; count += 1) client.notify('transportLost', { message });
    return Promise.resolve({});
  },
};

describe('SignalingServer', () => {
  let http: Server;
  let server: SignalingServer<Context>;
  let url: string;
  let unexpected: unknown[];
  let closed: boolean[];
  const sockets: WebSocket[] = [];

  const start = async (heartbeatMs?: number) => {
    unexpected = [];
    closed = [];
    server = new SignalingServer<Context>({
      path: '/signal',
      handlers,
      allowedOrigins: ['https://friend.example'],
      onOpened: (client) => ({ client }),
      onClosed: (_context, clean) => closed.push(clean),
      onUnexpected: (_method, error) => unexpected.push(error),
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    });
    http = createServer();
    server.attach(http);
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `ws://127.0.0.1:${address.port}/signal`;
  };

  beforeEach(() => start());

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await server.close();
    await new Promise((resolve) => {
      http.close(resolve);
    });
  });

  const connect = async (options: { origin?: string; path?: string; protocol?: string } = {}) => {
    const { path = url, protocol = SUBPROTOCOL, origin } = options;
    const socket = new WebSocket(path, protocol, origin === undefined ? {} : { origin });
    sockets.push(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  };

  const closeCode = (socket: WebSocket) =>
    new Promise<number>((resolve) => {
      socket.once('close', resolve);
    });

  const nextResponse = (socket: WebSocket) =>
    new Promise<ResponseEnvelope>((resolve) => {
      socket.once('message', (data: Buffer) => {
        resolve(responseEnvelopeSchema.parse(JSON.parse(data.toString())));
      });
    });

  const ask = (socket: WebSocket, message: string | Buffer) => {
    const answer = nextResponse(socket);
    socket.send(message);
    return answer;
  };

  test.each([
    ['a good request', '{"id":7,"method":"readClock","data":{}}', { id: 7, ok: true }],
    ['data may be left out', '{"id":7,"method":"readClock"}', { id: 7, ok: true }],
    ['no JSON', 'hello', { id: null, error: { code: 'badRequest' } }],
    ['no envelope', '[]', { id: null, error: { code: 'badRequest' } }],
    [
      'a negative id',
      '{"id":-1,"method":"readClock"}',
      { id: null, error: { code: 'badRequest' } },
    ],
    ['no such method', '{"id":7,"method":"fly"}', { id: 7, error: { code: 'unknownMethod' } }],
    [
      'not even an own property',
      '{"id":7,"method":"toString"}',
      { id: 7, error: { code: 'unknownMethod' } },
    ],
    [
      'data that does not fit',
      '{"id":7,"method":"zap","data":{"channelId":"A B"}}',
      { id: 7, error: { code: 'badRequest' } },
    ],
    [
      'a refusal, with its hint',
      '{"id":7,"method":"resume"}',
      { id: 7, error: { code: 'notJoined', hint: 'join' } },
    ],
    ['binary', Buffer.from('{"id":7}'), { id: null, error: { code: 'badRequest' } }],
    [
      'too large',
      `{"id":7,"x":"${'y'.repeat(MAX_REQUEST_BYTES)}"}`,
      { id: null, error: { code: 'tooLarge' } },
    ],
  ])('%s', async (_name, message, expected) => {
    expect(await ask(await connect(), message)).toMatchObject(expected);
    expect(unexpected).toEqual([]);
  });

  test('an error that nobody foresaw is told to the server in full and to the client not at all', async () => {
    const response = await ask(await connect(), '{"id":7,"method":"leave"}');
    expect(response).toMatchObject({ id: 7, ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(response)).not.toContain('secret');
    expect(unexpected).toHaveLength(1);
  });

  test('far too large: the socket is closed with 1009, and the others go on', async () => {
    const [bad, good] = await Promise.all([connect(), connect()]);
    const code = closeCode(bad);
    bad.send('x'.repeat(5 * MAX_REQUEST_BYTES));
    expect(await code).toBe(CLOSE_CODES.tooLarge);
    expect(await ask(good, '{"id":1,"method":"readClock"}')).toMatchObject({ ok: true });
  });

  test('too frequent: refused by name, then cut off, and the others go on', async () => {
    const [bad, good] = await Promise.all([connect(), connect()]);
    const codes: string[] = [];
    bad.on('message', (data: Buffer) => {
      const response = responseEnvelopeSchema.parse(JSON.parse(data.toString()));
      codes.push(response.ok ? 'ok' : response.error.code);
    });
    const code = closeCode(bad);
    for (let id = 0; id < 1000; id += 1) bad.send(`{"id":${id},"method":"readClock"}`);
    expect(await code).toBe(CLOSE_CODES.tooManyRequests);
    expect(codes).toContain('tooMany');
    expect(codes.filter((one) => one !== 'ok' && one !== 'tooMany')).toEqual([]);
    expect(await ask(good, '{"id":1,"method":"readClock"}')).toMatchObject({ ok: true });
  });

  test.each([
    ['no Origin: not a browser', {}, true],
    ['an allowed Origin', { origin: 'https://friend.example' }, true],
    ['a strange Origin', { origin: 'https://evil.example' }, false],
    ['another protocol', { protocol: 'sfumato.v0' }, false],
  ])('%s', async (_name, options, welcome) => {
    const attempt = connect(options);
    if (welcome) expect((await attempt).protocol).toBe(SUBPROTOCOL);
    else await expect(attempt).rejects.toThrow(/Unexpected server response: 40/);
  });

  test('another path is not ours', async () => {
    await expect(connect({ path: url.replace('/signal', '/') })).rejects.toThrow('404');
  });

  test('a client that does not read is cut off', async () => {
    const socket = await connect();
    const code = closeCode(socket);
    socket.send('{"id":1,"method":"setPreferredLayer","data":{"layer":"auto"}}');
    socket.pause();
    await new Promise<void>((resolve) => {
      const poll = () => (server.connections === 0 ? resolve() : void setImmediate(poll));
      poll();
    });
    socket.resume();
    expect(await code).toBe(1006);
    expect(closed).toEqual([false]);
  });

  test('a client that no longer answers pings is cut off', async () => {
    await server.close();
    http.close();
    await start(50);
    const socket = await connect();
    const code = closeCode(socket);
    socket.pause();
    await new Promise<void>((resolve) => {
      const poll = () => (server.connections === 0 ? resolve() : void setImmediate(poll));
      poll();
    });
    socket.resume();
    expect(await code).toBe(1006);
  });

  test('a goodbye is told from a loss', async () => {
    const socket = await connect();
    const code = closeCode(socket);
    socket.close(1000);
    await code;
    expect(closed).toEqual([true]);
  });

  test('what waits for a slow request is not carried out when the socket is gone', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const socket = await connect();
    socket.send('{"id":1,"method":"endBroadcast"}');
    for (let id = 2; id < 5; id += 1) socket.send(`{"id":${id},"method":"leaveParty"}`);
    const code = closeCode(socket);
    socket.close(1000);
    await code;
    await new Promise<void>((done) => {
      const poll = () => (server.connections === 0 ? done() : void setImmediate(poll));
      poll();
    });
    resolve();
    // Another's request takes as many turns.
    await ask(await connect(), '{"id":1,"method":"readClock"}');
    expect(asked).toBe(0);
  });

  test('closing the server says so to everyone', async () => {
    const all = await Promise.all([connect(), connect()]);
    const codes = Promise.all(all.map(closeCode));
    await server.close();
    expect(await codes).toEqual([CLOSE_CODES.serverClosing, CLOSE_CODES.serverClosing]);
    expect(server.connections).toBe(0);
  });
});
