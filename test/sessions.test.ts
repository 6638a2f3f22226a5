import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type Playhead, playheadSchema } from '../signaling/contract/index.ts';
import { startApp, type TestApp } from './support/app.ts';
import { makeClip } from './support/clip.ts';
import { heapBytes } from './support/heap.ts';
import { ADMIN, type LibraryBehind, openLibrary } from './support/library.ts';
import { until } from './support/live-server.ts';
import { argumentsOf, childrenOf } from './support/processes.ts';
import { SessionClient } from './support/session-client.ts';
import { DTLS, SessionSocket } from './support/session-socket.ts';
import { FILM, makeCodedFilm, makeTune } from './support/stored-clips.ts';

const TOKEN = 'a-token-of-32-characters-or-more-for-tests';
const FRAME_TICKS = 90_000 / FILM.framesPerSecond;
const FRAME_SECONDS = 1 / FILM.framesPerSecond;
const SECONDS = 12;
const GRACE_SECONDS = 3;

describe('Sessions', () => {
  let folder = '';
  let server: TestApp;
  let library: LibraryBehind;
  let film = '';
  let clients: SessionClient[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-sessions-'));
    server = await startApp({
      ADMIN_TOKEN: TOKEN,
      SESSION_GRACE_SECONDS: String(GRACE_SECONDS),
      WORKERS: '2',
    });
    library = await openLibrary(server);
    film = await put(await makeCodedFilm(folder, SECONDS), 'public');
  });
  afterEach(async () => {
    for (const client of clients) client.goodbye();
    await until(async () => (await metric('sfumato_sessions')) === 0);
    for (const client of clients) client.close();
    clients = [];
  });
  afterAll(async () => {
    await library.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function put(path: string, visibility: 'public' | 'private'): Promise<string> {
    const id = await library.put(path, { title: 'Film', visibility }, ADMIN);
    await library.ready(id);
    return id;
  }

  async function connect(headers: Record<string, string> = {}): Promise<SessionClient> {
    const client = await SessionClient.open(server.url, headers);
    clients.push(client);
    return client;
  }

  /** Opened and begun. */
  async function play(
    options: { assetId?: string; at?: number; paused?: boolean } = {},
    client?: SessionClient,
  ): Promise<{ client: SessionClient; playhead: Playhead }> {
    const viewer = client ?? (await connect());
    const before = viewer.told('playheadMoved').length;
    await viewer.ask('openSession', { assetId: film, ...options });
    await viewer.ask('resume', {});
    await until(() => viewer.told('playheadMoved').length > before);
    return { client: viewer, playhead: playheadOf(viewer.told('playheadMoved').at(-1)) };
  }

  const api = (method: string, path: string, body?: unknown) =>
    fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  /** Has this picture come? */
  const has = (client: SessionClient, { rtpTimestamp }: Playhead) =>
    client.pictures.includes(rtpTimestamp);

  test('one exchange opens it; nothing is sent before `resume`, and then everything', async () => {
    const client = await connect();
    const opened = await client.ask('openSession', { assetId: film });
    expect(opened.asset).toMatchObject({ framesPerSecond: FILM.framesPerSecond, hasAudio: true });
    expect(opened.asset.duration).toBeCloseTo(SECONDS, 1);
    expect(opened.asset.renditions.length).toBeGreaterThan(1);
    expect(opened.consumers.map(({ kind }) => kind)).toEqual(['video', 'audio']);
    await sleep(500);
    expect([client.pictures, client.told('playheadMoved')]).toEqual([[], []]);
    await client.ask('resume', {});
    await until(() => client.told('playheadMoved').length > 0);
    const playhead = playheadOf(client.told('playheadMoved')[0]);
    expect(playhead).toMatchObject({ position: 0, rate: 1, ended: false });
    await until(() => client.pictures.length > 25 && client.bytes.audio > 0);
    expect(client.pictures[0]).toBe(playhead.rtpTimestamp);
    expect(client.pictures[25]).toBe(after(playhead.rtpTimestamp, 25));
    await until(() => client.told('layerChanged').length > 0);
  });

  test('seeks are exact, and the playhead says which picture it is', async () => {
    const { client } = await play();
    for (const at of [7.31, 0.5, 11.9, 3, 3.04, 0]) {
      const { playhead } = await client.ask('steerSession', { at });
      expect(playhead.position).toBeCloseTo(Math.floor(at / FRAME_SECONDS + 0.01) * FRAME_SECONDS);
      await until(() => has(client, playhead));
      expect(playhead.rate).toBe(1);
    }
    // Timestamps never go back, whatever is asked.
    const steps = client.pictures.slice(1).map((one, at) => tickDistance(client.pictures[at], one));
    expect(steps.filter((step) => step <= 0)).toEqual([]);
  });

  test('pause sends nothing; play goes on from the very picture; steps are one picture each', async () => {
    const { client } = await play({ at: 2 });
    await until(() => client.pictures.length > 10);
    const { playhead: paused } = await client.ask('steerSession', { paused: true });
    expect(paused.rate).toBe(0);
    await until(() => has(client, paused));
    const count = client.pictures.length;
    await sleep(600);
    expect(client.pictures).toHaveLength(count);
    const { playhead: next } = await client.ask('steerSession', { frames: 1 });
    expect(next.position).toBeCloseTo(paused.position + FRAME_SECONDS);
    const { playhead: back } = await client.ask('steerSession', { frames: -2 });
    expect(back.position).toBeCloseTo(paused.position - FRAME_SECONDS);
    expect(back.change).toBeGreaterThan(next.change);
    const { playhead: on } = await client.ask('steerSession', {
      at: paused.position,
      paused: false,
    });
    expect(on).toMatchObject({ position: paused.position, rate: 1 });
    await until(() => client.pictures.includes(after(on.rtpTimestamp, 5)));
  });

  test('another speed', async () => {
    const { client } = await play();
    const { playhead } = await client.ask('steerSession', { at: 1, rate: 2 });
    expect(playhead.rate).toBe(2);
    await until(() => client.pictures.includes(after(playhead.rtpTimestamp, 5)));
    const sound = client.bytes.audio;
    await sleep(400);
    expect(client.bytes.audio).toBe(sound);
  });

  test('the end is told; from there it goes on elsewhere', async () => {
    const { client } = await play({ at: SECONDS - 0.5 });
    await until(() => client.told('playheadMoved').length > 1);
    const ended = playheadOf(client.told('playheadMoved')[1]);
    expect(ended).toMatchObject({ ended: true, rate: 0 });
    expect(ended.position).toBeCloseTo(SECONDS - FRAME_SECONDS);
    const { playhead } = await client.ask('steerSession', { at: 0 });
    expect(playhead).toMatchObject({ position: 0, rate: 1, ended: false });
  });

  test('what is steered before it begins is where it begins', async () => {
    const client = await connect();
    await client.ask('openSession', { assetId: film });
    const { playhead } = await client.ask('steerSession', { at: 5, paused: true });
    expect(playhead).toMatchObject({ position: 5, rate: 0, change: 1 });
    await client.ask('resume', {});
    await until(() => client.told('playheadMoved').length > 0);
    const begun = playheadOf(client.told('playheadMoved')[0]);
    expect(begun).toMatchObject({ position: 5, rate: 0, change: 2 });
    await until(() => has(client, begun));
  });

  test('sound alone, when the picture is not wanted', async () => {
    const { client } = await play();
    await until(() => client.pictures.length > 5);
    await client.ask('setPreferredLayer', { layer: 'audioOnly' });
    await until(() => JSON.stringify(client.told('layerChanged').at(-1)).includes('audioOnly'));
    await sleep(200);
    const [pictures, sound] = [client.pictures.length, client.bytes.audio];
    await until(() => client.bytes.audio > sound + 5_000);
    expect(client.pictures).toHaveLength(pictures);
    await client.ask('setPreferredLayer', { layer: 'auto' });
    await until(() => client.pictures.length > pictures + 5);
  });

  test('a chosen Rendition is sent, and another one after it without a new order', async () => {
    const { client } = await play();
    await client.ask('setPreferredLayer', { layer: 0 });
    await until(() => lastLayer(client) === '{"spatialLayer":0,"reason":"chosen"}');
    await client.ask('setPreferredLayer', { layer: 1 });
    await until(() => lastLayer(client) === '{"spatialLayer":1,"reason":"chosen"}');
  });

  test('a link that is overrun gets the lowest Rendition at once, from a key frame on', async () => {
    const client = await connect();
    await client.ask('openSession', { assetId: film, startBitrate: 8_000_000 });
    await client.ask('resume', {});
    await until(() => client.pictures.length > 30);
    const top = lastLayer(client);
    expect(top).toContain('best');
    const moves = client.told('playheadMoved').length;
    await client.ask('reportCongestion', { lateMs: 500 });
    await until(() => client.told('playheadMoved').length > moves);
    const moved = playheadOf(client.told('playheadMoved').at(-1));
    expect(moved).toMatchObject({ rendition: 0, rate: 1 });
    expect(client.told('layerChanged')).toContainEqual({ spatialLayer: 0, reason: 'bandwidth' });
    await until(() => has(client, moved));
    const from = client.pictures.length;
    await until(() => client.pictures.length > from + 10);
    expect(client.pictures.slice(from, from + 10)).toEqual(
      Array.from({ length: 10 }, (_, more) => after(client.pictures[from] ?? 0, more)),
    );
  });

  test('one watches one thing: a Channel ends a Session, and the other way round', async () => {
    await server.app.putOnAir([await makeClip(folder)]);
    const { client } = await play();
    expect(await metric('sfumato_sessions')).toBe(1);
    // A join needs capabilities and parameters, which the test's client has for Sessions only.
    const parameters = { dtlsParameters: DTLS, rtpCapabilities: { codecs: [] } };
    await client.ask('join', { channelId: 'clip', ...parameters });
    expect(await metric('sfumato_sessions')).toBe(0);
    expect(await metric('sfumato_viewers{channel="clip"}')).toBe(1);
    await expect(client.ask('steerSession', { at: 1 })).rejects.toThrow('notJoined');
    await play({}, client);
    expect(await metric('sfumato_viewers{channel="clip"}')).toBe(0);
    expect(await metric('sfumato_sessions')).toBe(1);
    await play({ at: 3 }, client);
    expect(await metric('sfumato_sessions')).toBe(1);
    await client.ask('leave', {});
    expect(await metric('sfumato_sessions')).toBe(0);
    await expect(client.ask('resume', {})).rejects.toThrow('notJoined');
  });

  test('paused for longer than the grace time: it ends, and is opened again', async () => {
    const { client } = await play({ at: 4, paused: true });
    const { client: other } = await play({ at: 0 });
    const pausedAt = performance.now();
    await until(() => client.told('sessionEnded').length > 0);
    expect(performance.now() - pausedAt).toBeGreaterThan((GRACE_SECONDS - 1) * 1_000);
    expect(client.told('sessionEnded')).toMatchObject([{ reason: 'idle' }]);
    await expect(client.ask('steerSession', { paused: false })).rejects.toThrow('notJoined');
    expect(other.told('sessionEnded')).toEqual([]);
    const { playhead } = await play({ at: 4 }, client);
    expect(playhead).toMatchObject({ position: 4, rate: 1 });
  });

  test.each([
    ['made private', (id: string) => api('PATCH', `/assets/${id}`, { visibility: 'private' })],
    ['deleted', (id: string) => api('DELETE', `/assets/${id}`)],
  ])('an Asset that is %s ends its Sessions within two seconds', async (_name, change) => {
    const id = await put(await makeCodedFilm(folder, 3, 'short.mkv'), 'public');
    const { client } = await play({ assetId: id, paused: true });
    const { client: other } = await play();
    await change(id);
    const changedAt = performance.now();
    await until(() => client.told('sessionEnded').length > 0);
    expect(performance.now() - changedAt).toBeLessThan(2_000);
    expect(client.told('sessionEnded')).toMatchObject([{ reason: 'gone' }]);
    await expect(client.ask('openSession', { assetId: id })).rejects.toThrow('notFound');
    expect(other.told('sessionEnded')).toEqual([]);
  });

  test('files that cannot be read', async () => {
    const id = await put(await makeCodedFilm(folder, 3, 'broken.mkv'), 'public');
    const names = (await readdir(library.path(id, ''))).filter((name) => name.endsWith('.mp4'));
    for (const name of names) await truncate(library.path(id, name), 0);
    const client = await connect();
    await expect(client.ask('openSession', { assetId: id })).rejects.toThrow('unavailable');
    expect(await metric('sfumato_sessions')).toBe(0);
    expect(await metric('sfumato_unexpected_errors_total')).toBe(0);
  });

  test('what is private is for whom it is, and for others not there', async () => {
    const id = await put(await makeCodedFilm(folder, 3, 'secret.mkv'), 'private');
    const stranger = await connect();
    await expect(stranger.ask('openSession', { assetId: id })).rejects.toThrow('notFound');
    const wrong = await connect({ authorization: 'Bearer wrong' });
    await expect(wrong.ask('openSession', { assetId: id })).rejects.toThrow('unauthorized');
    const { playhead } = await play(
      { assetId: id },
      await connect({ authorization: `Bearer ${TOKEN}` }),
    );
    expect(playhead.position).toBe(0);
  });

  test('what there is not, and what has no picture', async () => {
    const client = await connect();
    const nothing = client.ask('openSession', { assetId: 'A'.repeat(16) });
    await expect(nothing).rejects.toThrow('notFound');
    const tune = await put(await makeTune(folder, 3), 'public');
    await expect(client.ask('openSession', { assetId: tune })).rejects.toThrow('badRequest');
    expect(await metric('sfumato_sessions')).toBe(0);
    expect(await metric('sfumato_viewer_transports')).toBe(0);
    await expect(client.ask('steerSession', {})).rejects.toThrow('notJoined');
  });

  test('a clean goodbye ends it at once; a socket that is lost, in ten seconds', async () => {
    const { client: polite } = await play();
    polite.goodbye();
    await until(async () => (await metric('sfumato_sessions')) === 0);
    const { client: lost } = await play();
    lost.hangUp();
    await until(async () => (await metric('sfumato_signaling_connections')) === 0);
    const goneAt = performance.now();
    const count = lost.pictures.length;
    await until(() => lost.pictures.length > count + 10);
    await until(async () => (await metric('sfumato_sessions')) === 0);
    expect(performance.now() - goneAt).toBeGreaterThan(8_000);
  });

  test('a Worker dies: the client is told, and opens it again', async () => {
    const { client } = await play();
    const { client: second } = await play();
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
    await until(() => [client, second].every((one) => one.told('transportLost').length > 0));
    expect(await metric('sfumato_sessions')).toBe(0);
    await until(async () => (await metric('sfumato_sfu_workers')) === 2);
    const { playhead } = await play({ at: 2 }, client);
    await until(() => has(client, playhead));
  });

  test('1,000 opened and closed leave nothing behind', async () => {
    const round = async () => {
      const sockets = await Promise.all(
        Array.from({ length: 10 }, () => SessionSocket.open(server.url)),
      );
      await Promise.all(sockets.map((socket) => socket.openSession(film)));
      expect(await metric('sfumato_sessions')).toBe(10);
      await Promise.all(sockets.map((socket) => socket.close()));
      await until(async () => (await metric('sfumato_signaling_connections')) === 0);
    };
    // What is loaded and compiled once is not a leak.
    for (let count = 0; count < 30; count += 1) await round();
    const before = await leftBehind();
    const grown: number[] = [];
    for (let span = 0, heap = before.heap; span < 5; span += 1) {
      for (let count = 0; count < 20; count += 1) await round();
      grown.push(heapBytes() - heap);
      heap += grown.at(-1) ?? 0;
    }
    const after = await leftBehind();
    expect({ ...after, heap: 0 }).toEqual({ ...before, heap: 0 });
    expect(after).toMatchObject({ sessions: 0, transports: 0, pumps: 0 });
    // What is compiled anew makes a step now and then; what is left behind makes one in each two hundred.
    const [, , median = Number.NaN] = grown.toSorted((a, b) => a - b);
    expect(median).toBeLessThan(400_000);
    console.log('1,000 Sessions', { before, after, grown });
  });

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  async function leftBehind() {
    return {
      sessions: await metric('sfumato_sessions'),
      transports: await metric('sfumato_viewer_transports'),
      // Those of Sessions; the Channel that another test has put on air has one of its own.
      pumps:
        (await metric('sfumato_pumps')) - (await metric('sfumato_channel_live{channel="clip"}')),
      workerFiles: await Promise.all(workerPids().map(openFiles)),
      files: await openFiles(process.pid),
      heap: heapBytes(),
    };
  }
});

const tickDistance = (from = 0, to = 0) => (to - from) | 0;
const after = (timestamp: number, pictures: number) => (timestamp + pictures * FRAME_TICKS) >>> 0;
const playheadOf = (data: unknown) => z.object({ playhead: playheadSchema }).parse(data).playhead;
const lastLayer = (client: SessionClient) => JSON.stringify(client.told('layerChanged').at(-1));

const workerPids = () =>
  childrenOf(process.pid).filter((pid) => argumentsOf(pid)[0]?.includes('mediasoup-worker'));

async function openFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}
