import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import {
  REQUESTS,
  type ResponseEnvelope,
  responseEnvelopeSchema,
  SUBPROTOCOL,
  type WireDtlsParameters,
} from '../signaling/contract/index.ts';
import { startApp, type TestApp } from './support/app.ts';
import { makeClip } from './support/clip.ts';
import { heapBytes } from './support/heap.ts';

/** A whole conversation with the real server: real mediasoup, a real file on air. */
describe('the signaling door', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startApp();
    await server.app.putOnAir([await makeClip(server.folder)]);
  });

  afterAll(() => server.close());

  const dtlsParameters: WireDtlsParameters = {
    role: 'client',
    fingerprints: [
      { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
    ],
  };

  test('one exchange is enough to join; zapping keeps the transport', async () => {
    const client = await Client.open(server.url);
    const { routerRtpCapabilities } = client.welcome;
    const joined = await client.ask('join', {
      channelId: 'clip',
      rtpCapabilities: routerRtpCapabilities,
      dtlsParameters,
    });
    expect(joined).toMatchObject({
      ok: true,
      data: {
        channel: { id: 'clip', live: true, viewers: 1, hasVideo: true, hasAudio: true },
        transport: { dtlsParameters: { role: 'server' } },
        consumers: [{ kind: 'video' }, { kind: 'audio' }],
      },
    });
    expect(await client.ask('resume', {})).toMatchObject({ ok: true });
    expect(await client.ask('zap', { channelId: 'clip' })).toMatchObject({ ok: true });
    expect(await client.ask('zap', { channelId: 'nothing' })).toMatchObject({
      error: { code: 'notFound' },
    });
    expect(await client.ask('restartIce', {})).toMatchObject({ ok: true });
    expect(await client.ask('leave', {})).toMatchObject({ ok: true });
    expect(await client.ask('resume', {})).toMatchObject({ error: { code: 'notJoined' } });
    await client.close();
  });

  test('10,000 generated messages: each is answered from the closed set, nothing else breaks', async () => {
    const good = await Client.open(server.url);
    const messages = fc.sample(anyMessage(good.welcome.routerRtpCapabilities), 10_000);
    const outcomes = new Map<string, number>();
    // A connection may say so much at a time: many of them, one after the other.
    for (let start = 0; start < messages.length; start += 25) {
      const client = await Client.open(server.url);
      const answers = await Promise.all(
        messages.slice(start, start + 25).map((message) => client.say(message)),
      );
      for (const answer of answers) {
        const outcome = answer.ok ? 'ok' : answer.error.code;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      await client.close();
    }
    expect(outcomes.get('internal')).toBeUndefined();
    expect(outcomes.get('ok')).toBeGreaterThan(100);
    expect(outcomes.get('badRequest')).toBeGreaterThan(100);
    expect(await metric(server.url, 'sfumato_unexpected_errors_total')).toBe(0);
    expect(await metric(server.url, 'sfumato_sfu_worker_deaths')).toBe(0);
    expect(await good.ask('readClock', {})).toMatchObject({ ok: true });
    await good.close();
  });

  test('200 joins and leaves leave no transport, Viewer, socket or memory behind', async () => {
    const joinAndLeave = async () => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => Client.open(server.url)));
      await Promise.all(
        clients.map((client) =>
          client.ask('join', {
            channelId: 'clip',
            rtpCapabilities: client.welcome.routerRtpCapabilities,
            dtlsParameters,
          }),
        ),
      );
      expect(await metric(server.url, 'sfumato_viewer_transports')).toBe(20);
      await Promise.all(clients.map((client) => client.close()));
      await until(async () => (await metric(server.url, 'sfumato_signaling_connections')) === 0);
    };
    // What is loaded and compiled once is not a leak.
    for (let round = 0; round < 5; round += 1) await joinAndLeave();
    const before = heapBytes();
    for (let round = 0; round < 10; round += 1) await joinAndLeave();
    expect(heapBytes() - before).toBeLessThan(1_000_000);
    expect(await metric(server.url, 'sfumato_viewer_transports')).toBe(0);
    expect(await metric(server.url, 'sfumato_viewers{channel="clip"}')).toBe(0);
  });
});

/** Talks the protocol with nothing of ours but its schemas. */
class Client {
  readonly welcome: { routerRtpCapabilities: object };
  readonly #socket: WebSocket;
  readonly #waiting: PromiseWithResolvers<ResponseEnvelope>[] = [];
  #lastId = 0;

  private constructor(socket: WebSocket, welcome: { routerRtpCapabilities: object }) {
    this.#socket = socket;
    this.welcome = welcome;
    socket.on('message', (data: Buffer) => {
      const message: object = JSON.parse(data.toString());
      if ('ok' in message) this.#waiting.shift()?.resolve(responseEnvelopeSchema.parse(message));
    });
    socket.once('close', () => {
      for (const { reject } of this.#waiting) reject(new Error('the server closed the socket'));
    });
  }

  static async open(url: string): Promise<Client> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/signal`, SUBPROTOCOL);
    const welcome = await new Promise<{ routerRtpCapabilities: object }>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()).data));
    });
    return new Client(socket, welcome);
  }

  ask(method: string, data: object): Promise<ResponseEnvelope> {
    this.#lastId += 1;
    return this.say(JSON.stringify({ id: this.#lastId, method, data }));
  }

  /** The answer to whatever is said: the server answers in order, to each message once. */
  say(message: string): Promise<ResponseEnvelope> {
    const answer = Promise.withResolvers<ResponseEnvelope>();
    this.#waiting.push(answer);
    this.#socket.send(message);
    return answer.promise;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#socket.once('close', resolve);
    });
    this.#socket.close(1000);
    await closed;
  }
}

/** Anything from noise to honest requests with a part of them bent. */
function anyMessage(rtpCapabilities: object): fc.Arbitrary<string> {
  const noise = fc.string({ unit: 'binary', maxLength: 200 });
  const json = fc.json({ maxDepth: 4 });
  const method = fc.oneof(fc.constantFrom(...Object.keys(REQUESTS)), fc.string({ maxLength: 20 }));
  const anyRequest = fc.record({ id: fc.nat(), method, data: fc.jsonValue({ maxDepth: 3 }) });
  const codec = fc.record(
    {
      kind: fc.constantFrom('audio', 'video', 'text'),
      mimeType: fc.constantFrom('video/H264', 'audio/opus', 'video/rtx', 'video/VP8', 'x', ''),
      preferredPayloadType: fc.integer({ min: -1, max: 130 }),
      clockRate: fc.constantFrom(90_000, 48_000, 0, 1.5),
      channels: fc.constantFrom(1, 2, 0, 300),
      parameters: fc.oneof(
        fc.constant({ 'packetization-mode': 1, 'profile-level-id': '42e01f' }),
        fc.constant({ apt: 101 }),
        fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
      ),
      rtcpFeedback: fc.array(fc.record({ type: fc.constantFrom('nack', 'transport-cc', 'ccm') })),
    },
    { requiredKeys: [] },
  );
  const bentCapabilities = fc.record({
    codecs: fc.array(codec, { maxLength: 5 }),
    headerExtensions: fc.array(
      fc.record({
        kind: fc.constantFrom('audio', 'video'),
        uri: fc.constantFrom(
          'urn:ietf:params:rtp-hdrext:sdes:mid',
          'urn:3gpp:video-orientation',
          'x',
        ),
        preferredId: fc.integer({ min: 0, max: 300 }),
      }),
      { maxLength: 4 },
    ),
  });
  const capabilities = fc.oneof(
    { weight: 2, arbitrary: fc.constant(rtpCapabilities) },
    { weight: 3, arbitrary: bentCapabilities },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const fingerprint = fc.record({
    algorithm: fc.constantFrom('sha-256', 'sha-1', 'md5'),
    value: fc.oneof(fc.constant('AB:CD'), fc.string({ maxLength: 100 }), fc.constant('zz')),
  });
  const join = fc.record({
    id: fc.nat(),
    method: fc.constant('join'),
    data: fc.record({
      channelId: fc.constantFrom('clip', 'nothing', '../etc', ''),
      rtpCapabilities: capabilities,
      dtlsParameters: fc.record({
        role: fc.constantFrom('client', 'server', 'auto', 'king'),
        fingerprints: fc.array(fingerprint, { maxLength: 3 }),
      }),
      preferredLayer: fc.constantFrom('auto', 0, 2, 99, -1),
    }),
  });
  const zap = fc.record({
    id: fc.nat(),
    method: fc.constantFrom('zap', 'resume', 'restartIce', 'leave', 'readClock'),
    data: fc.record({ channelId: fc.constantFrom('clip', 'nothing') }),
  });
  const request = fc.oneof(anyRequest, join, zap).map((value) => JSON.stringify(value));
  return fc.oneof(noise, json, { weight: 3, arbitrary: request });
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no metric ${name}`);
  return Number(line.split(' ')[1]);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${holds}`);
  }
}
