/** Channels that play from the library: the real server, Assets that it prepares, both databases. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { PLAYLIST_OPERATIONS } from '../server/http/playlist-operations.ts';
import { playlistAnswerSchema } from '../server/http/schemas/playlist.ts';
import { ApiClient, type Answer, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { makeColour, makeTone } from './support/clip.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from './support/databases.ts';
import { type LibraryBehind, openLibrary } from './support/library.ts';
import { until } from './support/live-server.ts';
import { onThisMachine } from './support/patience.ts';
import { recordSecret } from './support/run-record.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
const NOBODYS = 'A'.repeat(16);
const SECONDS = 4;
const PUBLIC = { visibility: 'public' } as const;

describe.each(DATABASE_KINDS)('playlists on %s', (kind) => {
  let databases: TestDatabases;
  let at: { dataDir: string; url: string | undefined };
  let server: TestApp;
  let api: ApiClient;
  let stored: LibraryBehind;
  let clips: string;
  let red = '';
  let lime = '';
  let blue = '';
  let tone = '';
  const seen = new Set<string>();

  const start = async () => {
    server = await startApp({ DATA_DIR: at.dataDir, DATABASE_URL: at.url ?? '', ADMIN_TOKEN });
    api = await ApiClient.create(server.url, seen);
  };
  const ask = (path: string, call: Call = {}): Promise<Answer> =>
    api.call(path, { ...call, headers: { ...admin, ...call.headers } });
  const put = (body: unknown, headers = admin, id = 'one') =>
    api.call(`/channels/${id}/playlist`, { method: 'PUT', body, headers });
  const read = async () => playlistAnswerSchema.parse((await ask('/channels/one/playlist')).body);
  const nowPlays = async () => (await read()).now?.assetId;
  const isLive = async () =>
    z.looseObject({ live: z.boolean() }).parse((await ask('/channels/one')).body).live;
  const list = (...assetIds: string[]) => ({ items: assetIds.map((assetId) => ({ assetId })) });
  const tokenFor = async (...scopes: string[]) => {
    const body = { name: 'one', scopes };
    const answer = await ask('/tokens', { method: 'POST', body });
    const { token } = z.looseObject({ token: z.string() }).parse(answer.body);
    recordSecret('a token', token);
    return { authorization: `Bearer ${token}` };
  };
  beforeAll(async () => {
    databases = await testDatabases(kind);
    at = await databases.create();
    clips = await mkdtemp(join(tmpdir(), 'sfumato-clips-'));
    await start();
    stored = await openLibrary({ folder: at.dataDir, databaseUrl: at.url });
    const store = async (colour: string) =>
      stored.put(await makeColour(clips, colour, SECONDS), { title: colour, ...PUBLIC });
    [red, lime, blue] = [await store('red'), await store('lime'), await store('blue')];
    tone = await stored.put(await makeTone(clips, SECONDS), { title: 'tone', ...PUBLIC });
    for (const id of [red, lime, blue, tone]) await stored.ready(id);
    await ask('/channels', { method: 'POST', body: { id: 'one', title: 'One' } });
  });
  afterAll(async () => {
    await stored.close();
    await server.close();
    await databases.close();
    await rm(clips, { recursive: true, force: true });
  });

  test('is refused with the reason where something of it cannot be played', async () => {
    const image = await stored.add({ title: 'A picture', kind: 'image', ...PUBLIC });
    const early = await stored.add({ title: 'Early', kind: 'video', ...PUBLIC });
    const hidden = await stored.add({ title: 'Hidden', kind: 'video' });
    expect((await put(list(NOBODYS))).status).toBe(404);
    expect(await put(list(image))).toMatchObject({
      status: 400,
      body: { error: { message: '“A picture” is neither video nor sound.' } },
    });
    expect((await put(list(early))).status).toBe(409);
    const other = await tokenFor('channels:write', 'library:read');
    expect((await put(list(hidden), other)).status).toBe(404);
    expect(
      (await put({ ...list(), schedule: [{ at: '10:00', assetId: hidden }] }, other)).status,
    ).toBe(404);
    expect((await put({ items: [{ collectionId: NOBODYS }] })).status).toBe(404);
    expect((await ask('/channels/one/playlist')).status).toBe(404);
  });

  test.each([
    ['a time that is none', { schedule: [{ at: '24:00', assetId: NOBODYS }] }],
    ['a date without its zone', { schedule: [{ at: '2026-01-01T10:00:00', assetId: NOBODYS }] }],
    [
      'days of a date',
      { schedule: [{ at: '2026-01-01T10:00:00Z', days: ['mon'], assetId: NOBODYS }] },
    ],
    ['a zone that is none', { timeZone: 'Middle/Earth' }],
    ['another word', { shuffle: true }],
  ])('%s is no playlist', async (_what, body) => {
    expect((await put(body)).status).toBe(400);
  });

  test('is for those who may change Channels, and for Channels that are kept', async () => {
    expect((await put(list(red), await tokenFor('channels:read'))).status).toBe(403);
    expect((await api.call('/channels/one/playlist')).status).toBe(401);
    expect((await put(list(red), admin, 'nowhere')).status).toBe(404);
  });

  test('goes on air, one after the other, and round', async () => {
    const { status, body } = await put(list(red, lime));
    expect(status).toBe(200);
    expect(body).toMatchObject({ titles: { [red]: 'red', [lime]: 'lime' }, loop: true });
    for (const id of [red, lime, red]) await until(async () => (await nowPlays()) === id);
    const { now, next, state } = await read();
    expect({ state, now, next }).toMatchObject({
      state: 'playing',
      now: { title: 'red', assetId: red },
      next: { title: 'lime', assetId: lime },
    });
    expect(await isLive()).toBe(true);
  });

  test('is changed while it is on air: what plays goes on if it is still in it', async () => {
    await put(list(red));
    await until(async () => (await nowPlays()) === red);
    const { now } = await read();
    await put(list(blue, red, lime));
    expect((await read()).now?.beganAt).toBe(now?.beganAt);
    await until(async () => (await nowPlays()) === lime);
    await put(list(blue));
    await until(async () => (await nowPlays()) === blue);
  });

  test('has what the schedule says begin at its time, and then the list goes on', async () => {
    await put(list(blue));
    await until(async () => (await nowPlays()) === blue);
    const beginMs = Math.ceil(Date.now() / 1_000) * 1_000 + 2_000;
    const entry = { at: new Date(beginMs).toISOString(), assetId: lime };
    await put({ ...list(blue), schedule: [entry] });
    await until(async () => (await nowPlays()) === lime);
    const beganAt = Date.parse((await read()).now?.beganAt ?? '');
    expect(beganAt).toBeGreaterThanOrEqual(beginMs);
    expect(beganAt - beginMs).toBeLessThan(onThisMachine(1_000));
    await until(async () => (await nowPlays()) === blue);
  });

  test('what somebody may not watch has no title for them', async () => {
    await put(list(red, lime));
    const rule = (visibility: string) =>
      ask(`/assets/${red}/rules`, { method: 'PATCH', body: { visibility } });
    await rule('token');
    const headers = await tokenFor('channels:read');
    const answer = await api.call('/channels/one/playlist', { headers });
    await rule('public');
    expect([answer.status, answer.body]).toMatchObject([200, { titles: { [lime]: 'lime' } }]);
    expect(answer.body).not.toMatchObject({ titles: { [red]: 'red' } });
  });

  test('plays what is in a collection now', async () => {
    const answer = await ask('/collections', { method: 'POST', body: { title: 'Evening' } });
    const { id } = z.looseObject({ id: z.string() }).parse(answer.body);
    const add = (...assetIds: string[]) =>
      ask(`/collections/${id}/items`, { method: 'POST', body: { assetIds } });
    await add(lime);
    expect((await put({ items: [{ collectionId: id }] })).body).toMatchObject({
      titles: { [id]: 'Evening' },
    });
    await until(async () => (await nowPlays()) === lime);
    await add(red);
    await put({ items: [{ collectionId: id }] });
    await until(async () => (await nowPlays()) === red);
  });

  test('plays sound alone, too', async () => {
    await put(list(tone));
    await until(async () => (await nowPlays()) === tone);
    expect((await ask('/channels/one')).body).toMatchObject({ hasVideo: false, hasAudio: true });
  });

  test('ends where it shall not go round, and says so', async () => {
    await put({ ...list(blue), loop: false });
    await until(async () => (await nowPlays()) === blue);
    await until(async () => (await read()).state === 'waiting');
    expect((await read()).reason).toBe('It has come to its end.');
    await until(async () => !(await isLive()));
  });

  test('goes on air again after a restart', async () => {
    await put(list(red, lime));
    await until(isLive);
    await server.close();
    await start();
    await until(isLive);
    expect(await nowPlays()).toBe(red);
  });

  test('goes on to the next where an Asset is deleted, and off air after the last', async () => {
    await until(async () => (await nowPlays()) === red);
    await ask(`/assets/${red}`, { method: 'DELETE' });
    await until(async () => (await nowPlays()) === lime);
    await ask(`/assets/${lime}`, { method: 'DELETE' });
    await until(async () => !(await isLive()));
    expect((await read()).reason).toContain('There is no such Asset.');
    await put(list(blue));
    await until(isLive);
  });

  test('is taken away, and gone with its Channel', async () => {
    expect((await ask('/channels/one/playlist', { method: 'DELETE' })).status).toBe(204);
    expect(await isLive()).toBe(false);
    await put(list(blue));
    await until(isLive);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(
      /^sfumato_playlists_on_air 1$/m,
    );
    expect((await ask('/channels/one', { method: 'DELETE' })).status).toBe(204);
    expect((await ask('/channels/one/playlist')).status).toBe(404);
  });

  test('every operation was seen', () => {
    for (const { method, status } of Object.values(PLAYLIST_OPERATIONS)) {
      expect(seen).toContain(`${method} /channels/{id}/playlist ${status}`);
    }
  });
});
