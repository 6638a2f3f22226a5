import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RawData, type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '../contract/index.ts';
import { SignalingClient, type SignalingState } from './signaling-client.ts';

const WELCOME = {
  event: 'welcome',
  data: { serverVersion: '1', serverId: 'a', routerRtpCapabilities: { codecs: [] } },
};

type Answer = (
  request: { id: number; method: string; data: unknown },
  socket: ServerSocket,
) => void;

let server: WebSocketServer;
let client: SignalingClient;
let answer: Answer;

async function listen(port = 0): Promise<WebSocketServer> {
  const opened = new WebSocketServer({
    port,
    host: '127.0.0.1',
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  opened.on('connection', (socket) => {
    socket.send(JSON.stringify(WELCOME));
    socket.on('message', (text) => answer(JSON.parse(textOf(text)), socket));
  });
  await once(opened, 'listening');
  return opened;
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : '';
}

function portOf(opened: WebSocketServer): number {
  const address = opened.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function stop(opened: WebSocketServer): Promise<void> {
  for (const socket of opened.clients) socket.terminate();
  return new Promise((resolve) => opened.close(() => resolve()));
}

function reached(state: SignalingState): Promise<void> {
  if (client.state === state) return Promise.resolve();
  return new Promise((resolve) => {
    const undo = client.on('stateChanged', (change) => {
      if (change.state !== state) return;
      undo();
      resolve();
    });
  });
}

beforeEach(async () => {
  answer = ({ id }, socket) =>
    socket.send(JSON.stringify({ id, ok: true, data: { serverTimeMs: 5 } }));
  server = await listen();
  client = new SignalingClient({
    url: `ws://127.0.0.1:${portOf(server)}/signal`,
    timing: { silenceMs: 100, probeMs: 100, welcomeMs: 300 },
  });
});

afterEach(async () => {
  client.close();
  await stop(server);
});

describe('requests', () => {
  test('an answer is parsed and handed over', async () => {
    client.open();
    await reached('open');
    await expect(client.request('readClock', {})).resolves.toEqual({ serverTimeMs: 5 });
  });

  test('an answer of another shape is refused', async () => {
    answer = ({ id }, socket) => socket.send(JSON.stringify({ id, ok: true, data: { time: 5 } }));
    client.open();
    await reached('open');
    await expect(client.request('readClock', {})).rejects.toThrow(/serverTimeMs/);
  });

  test('the reason of a refusal arrives', async () => {
    answer = ({ id }, socket) =>
      socket.send(
        JSON.stringify({
          id,
          ok: false,
          error: { code: 'notJoined', message: 'no', hint: 'join' },
        }),
      );
    client.open();
    await reached('open');
    await expect(client.request('resume', {})).rejects.toMatchObject({
      code: 'notJoined',
      hint: 'join',
    });
  });

  test('no answer in time, a signal, no socket: each is a rejection of its own', async () => {
    answer = ({ id, method }, socket) => {
      if (method === 'readClock')
        socket.send(JSON.stringify({ id, ok: true, data: { serverTimeMs: 1 } }));
    };
    await expect(client.request('leave', {})).rejects.toMatchObject({ code: 'unavailable' });
    client.open();
    await reached('open');
    await expect(client.request('leave', {}, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const reason = new Error('enough');
    await expect(client.request('leave', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const waiting = client.request('leave', {});
    for (const socket of server.clients) socket.terminate();
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('notifications', () => {
  test('a known one is parsed, an unknown one passed over, a malformed one reported', async () => {
    const lost: string[] = [];
    const problems: unknown[] = [];
    client.on('transportLost', ({ message }) => lost.push(message));
    client.on('protocolProblem', ({ error }) => problems.push(error));
    client.open();
    await reached('open');
    const [socket] = server.clients;
    socket?.send('{"event":"fromTheFuture","data":{}}');
    socket?.send('not json');
    socket?.send('{"event":"transportLost","data":{}}');
    socket?.send('{"event":"transportLost","data":{"message":"a worker died"}}');
    await client.request('readClock', {});
    expect(lost).toEqual(['a worker died']);
    expect(problems).toHaveLength(2);
  });

  test('on() returns its undo', async () => {
    const heard: string[] = [];
    const undo = client.on('welcome', ({ serverId }) => heard.push(serverId));
    client.open();
    await reached('open');
    undo();
    for (const socket of server.clients) socket.terminate();
    await reached('waiting');
    await reached('open');
    expect(heard).toEqual(['a']);
  });
});

describe('coming back', () => {
  test('a socket that is cut comes back by itself', async () => {
    client.open();
    await reached('open');
    for (const socket of server.clients) socket.terminate();
    await reached('waiting');
    await reached('open');
    expect(client.failures).toBe(0);
  });

  test('a server that is away for a while is tried until it is there', async () => {
    client.open();
    await reached('open');
    const port = portOf(server);
    await stop(server);
    while (client.failures < 2) {
      await reached('connecting');
      await reached('waiting');
    }
    server = await listen(port);
    await reached('open');
    expect(client.failures).toBe(0);
  });

  test('a peer that is silent and does not answer is given up', async () => {
    answer = () => undefined;
    client.open();
    await reached('open');
    await reached('waiting');
    answer = ({ id }, socket) =>
      socket.send(JSON.stringify({ id, ok: true, data: { serverTimeMs: 5 } }));
    await reached('open');
  });

  test('the time that a closing server asks for is kept', async () => {
    client.open();
    await reached('open');
    const started = performance.now();
    const [socket] = server.clients;
    socket?.send(JSON.stringify({ event: 'serverClosing', data: { reconnectAfterMs: 400 } }));
    socket?.close(1001);
    await reached('waiting');
    await reached('open');
    expect(performance.now() - started).toBeGreaterThanOrEqual(395);
  });

  test('checkNow() cuts the wait short', async () => {
    client.open();
    await reached('open');
    const [socket] = server.clients;
    socket?.send(JSON.stringify({ event: 'serverClosing', data: { reconnectAfterMs: 60_000 } }));
    socket?.close(1001);
    await reached('waiting');
    client.checkNow();
    await reached('open');
  });

  test('checkNow() begins a try anew that was begun before and got no answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const other = new SignalingClient({
      url: `ws://127.0.0.1:${port}/signal`,
      timing: { staleTryMs: 0, welcomeMs: 60_000 },
    });
    const first = once(silent, 'connection');
    other.open();
    await first;
    const second = once(silent, 'connection');
    other.checkNow();
    await second;
    other.close();
    silent.close();
  });

  test('after close() nothing comes back', async () => {
    client.open();
    await reached('open');
    client.close();
    client.close();
    expect(client.state).toBe('closed');
    await expect(client.request('leave', {})).rejects.toMatchObject({ code: 'unavailable' });
  });
});
