import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { PARTY_OPERATIONS } from '../server/http/party-operations.ts';
import { createdPartySchema } from '../server/http/schemas/parties.ts';
import { playheadSchema } from '../signaling/contract/index.ts';
import { setUpAdministrator } from './support/administrator.ts';
import { ApiClient, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type LibraryBehind, openLibrary } from './support/library.ts';
import { until } from './support/live-server.ts';
import { recordSecret } from './support/run-record.ts';
import { SessionClient } from './support/session-client.ts';
import { FILM, makeCodedFilm } from './support/stored-clips.ts';

const NO_PARTY = 'A'.repeat(22);
const tokenSchema = z.looseObject({ id: z.string(), token: z.string() });
const toldSchema = z.object({ playhead: playheadSchema });

let folder = '';
let server: TestApp;
let library: LibraryBehind;
let api: ApiClient;
let film = '';
const seen = new Set<string>();
const headers = { admin: {}, reader: {}, owner: {}, channels: {}, stranger: {} };
let ownerId = '';
const clients: SessionClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-parties-'));
  server = await startApp();
  library = await openLibrary(server);
  api = await ApiClient.create(server.url, seen);
  headers.admin = { cookie: await setUpAdministrator(server), origin: server.url };
  for (const [person, scope] of [
    ['reader', 'library:read'],
    ['owner', 'library:read'],
    ['channels', 'channels:read'],
  ] as const) {
    const body = { name: person, scopes: [scope] };
    const answer = await call('/tokens', { method: 'POST', body }, 'admin');
    const { id, token } = tokenSchema.parse(answer.body);
    headers[person] = { authorization: `Bearer ${token}` };
    if (person === 'owner') ownerId = id;
  }
  film = await library.put(await makeCodedFilm(folder, 12), {
    title: 'Film',
    visibility: 'public',
  });
  await library.ready(film);
});
afterAll(async () => {
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

type Person = keyof typeof headers;

function call(path: string, request: Call = {}, person: Person = 'stranger') {
  return api.call(path, { ...request, headers: { ...headers[person], ...request.headers } });
}

function create(body: object, person: Person = 'reader') {
  return call('/parties', { method: 'POST', body }, person);
}

async function party(body: object = {}, person: Person = 'reader') {
  const made = createdPartySchema.parse((await create({ assetId: film, ...body }, person)).body);
  recordSecret('a host’s key', made.hostKey);
  return made;
}

async function somebody(person: Person = 'stranger'): Promise<SessionClient> {
  const client = await SessionClient.open(server.url, headers[person]);
  clients.push(client);
  return client;
}

/** At the party, with a Session of it that plays or stands. */
async function watching(partyId: string, hostKey?: string): Promise<SessionClient> {
  const client = await somebody();
  await client.ask('joinParty', { partyId, hostKey });
  await client.ask('openSession', { assetId: film, partyId });
  await client.ask('resume', {});
  await until(async () => client.told('playheadMoved').length > 0);
  return client;
}

const playheadOf = (client: SessionClient) =>
  toldSchema.parse(client.told('playheadMoved').at(-1)).playhead;

/** An Asset without files, private unless something else is said. */
const hidden = async (visibility: 'private' | 'public' = 'private') => {
  const owner = { id: ownerId, name: 'owner' };
  const asset = { title: 'Film', kind: 'video', duration: 60, visibility } as const;
  const { id } = await library.assets.create(asset, owner);
  const file = { role: 'rendition', name: 'video-0.mp4', type: 'video/mp4', bytes: 1 } as const;
  await library.assets.record(id, { files: [file] });
  return id;
};

describe('the API of parties', () => {
  test('opens one, tells of it, changes and ends it', async () => {
    const made = await party({ steering: 'everyone', position: 3 });
    const { id, url, hostKey } = made;
    expect(url).toBe(`${server.url}/watch/${film}?party=${id}`);
    expect(made).toMatchObject({ assetId: film, watchers: 0, timeline: { position: 3 } });
    expect((await call(`/parties/${id}`)).body).toMatchObject({ id, steering: 'everyone' });
    const asHost = { 'Host-Key': hostKey };
    const body = { steering: 'host' };
    const changed = await call(`/parties/${id}`, { method: 'PATCH', body, headers: asHost });
    expect(changed.body).toMatchObject({ steering: 'host' });
    expect((await call(`/parties/${id}`, { method: 'DELETE', headers: asHost })).status).toBe(204);
    expect((await call(`/parties/${id}`)).status).toBe(404);
  });

  test('is for its host and administrators', async () => {
    const { id } = await party();
    const change = { method: 'PATCH', body: { steering: 'everyone' } };
    const wrong = { 'Host-Key': NO_PARTY };
    for (const [request, person, status] of [
      [change, 'stranger', 403],
      [change, 'reader', 403],
      [{ ...change, headers: wrong }, 'stranger', 403],
      [{ method: 'DELETE' }, 'reader', 403],
      [change, 'admin', 200],
      [{ method: 'DELETE' }, 'admin', 204],
    ] as const) {
      expect((await call(`/parties/${id}`, request, person)).status).toBe(status);
    }
  });

  test('is opened by who is signed in and may watch', async () => {
    const secret = await hidden();
    for (const [assetId, person, status] of [
      [film, 'stranger', 401],
      [film, 'channels', 403],
      [secret, 'reader', 404],
      [secret, 'owner', 201],
      [secret, 'admin', 201],
      ['A'.repeat(16), 'reader', 404],
    ] as const) {
      expect((await create({ assetId }, person)).status).toBe(status);
    }
  });

  test.each([
    [{}, 400],
    [{ assetId: 'demo' }, 400],
    [{ assetId: 'FILM', steering: 'nobody' }, 400],
    [{ assetId: 'FILM', position: -1 }, 400],
  ])('refuses %j', async (body, status) => {
    const named = 'assetId' in body && body.assetId === 'FILM' ? { ...body, assetId: film } : body;
    expect((await create(named)).status).toBe(status);
  });

  test('an image has no time', async () => {
    const still = { title: 'Still', kind: 'image', visibility: 'public' } as const;
    expect((await create({ assetId: await library.add(still) })).status).toBe(409);
  });

  test('every answer of every operation was seen and is as described', () => {
    const expected = Object.values(PARTY_OPERATIONS).map(
      ({ method, path, status }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${status}`,
    );
    expect([...seen].filter((one) => expected.includes(one)).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});

describe('two sockets at a party', () => {
  test('one steers, both are told the same; who comes and goes is counted', async () => {
    const { id, hostKey } = await party();
    const [host, guest] = [await somebody(), await somebody()];
    const joined = await host.ask('joinParty', { partyId: id, hostKey });
    expect(joined).toMatchObject({ isHost: true, maySteer: true, party: { watchers: 1 } });
    const came = await guest.ask('joinParty', { partyId: id });
    expect(came).toMatchObject({ isHost: false, maySteer: false, party: { watchers: 2 } });
    await until(async () => host.told('partyChanged').length > 0);
    expect(host.told('partyChanged').at(-1)).toMatchObject({ watchers: 2, maySteer: true });
    const { timeline } = await host.ask('steerParty', { paused: false, at: 4 });
    await until(async () => guest.told('partyMoved').length > 0);
    expect(guest.told('partyMoved')).toEqual([{ timeline }]);
    expect(host.told('partyMoved')).toEqual([{ timeline }]);
    await expect(guest.ask('steerParty', { paused: true })).rejects.toThrow('forbidden');
    guest.goodbye();
    const watchers = async () => (await call(`/parties/${id}`)).body;
    await until(async () => Reflect.get(Object(await watchers()), 'watchers') === 1);
  });

  test('are told when it ends', async () => {
    const { id, hostKey } = await party();
    const guest = await somebody();
    await guest.ask('joinParty', { partyId: id });
    await call(`/parties/${id}`, { method: 'DELETE', headers: { 'Host-Key': hostKey } });
    await until(async () => guest.told('partyEnded').length > 0);
    expect(guest.told('partyEnded')).toMatchObject([{ reason: 'ended' }]);
    await expect(guest.ask('steerParty', {})).rejects.toThrow('notJoined');
    await expect(guest.ask('joinParty', { partyId: id })).rejects.toThrow('notFound');
  });

  test('what is private stays so, and what becomes so is not for strangers any more', async () => {
    const secret = await hidden();
    const { id } = await party({ assetId: secret }, 'owner');
    const [stranger, owner] = [await somebody(), await somebody('owner')];
    await expect(stranger.ask('joinParty', { partyId: id })).rejects.toThrow('notFound');
    await owner.ask('joinParty', { partyId: id });
    const patch = (visibility: string) =>
      call(`/assets/${secret}`, { method: 'PATCH', body: { visibility } }, 'admin');
    await patch('unlisted');
    await stranger.ask('joinParty', { partyId: id });
    await patch('private');
    await until(async () => stranger.told('partyEnded').length > 0);
    expect(stranger.told('partyEnded')).toMatchObject([{ reason: 'gone' }]);
    expect(owner.told('partyEnded')).toEqual([]);
  });

  test('the metrics count parties', async () => {
    const parties = async () =>
      Number(
        /^sfumato_parties (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1],
      );
    const before = await parties();
    await party();
    expect(await parties()).toBe(before + 1);
  });
});

describe('Sessions of a party', () => {
  test('are steered by the server alone: both are at the same picture', async () => {
    const { id, hostKey } = await party({ position: 2 });
    const [host, guest] = [await watching(id, hostKey), await watching(id)];
    expect(playheadOf(guest)).toMatchObject({ rate: 0, position: playheadOf(host).position });
    expect(playheadOf(host).position).toBeCloseTo(2, 1);
    // What one asks of one’s own Session changes nothing.
    const { playhead } = await guest.ask('steerSession', { at: 9, paused: false });
    expect(playhead).toMatchObject({ rate: 0, position: playheadOf(host).position });

    const before = guest.pictures.length;
    await host.ask('steerParty', { paused: false });
    await until(async () => guest.pictures.length > before + 10);
    expect([playheadOf(host).rate, playheadOf(guest).rate]).toEqual([1, 1]);
    await host.ask('steerParty', { paused: true, at: 7 });
    const stands = (client: SessionClient) => async () => playheadOf(client).rate === 0;
    await until(stands(host));
    await until(stands(guest));
    expect(playheadOf(host).position).toBeCloseTo(7, 1);
    expect(playheadOf(guest).position).toBe(playheadOf(host).position);
  });

  test('a late one begins where the others are', async () => {
    const { id, hostKey } = await party();
    const host = await watching(id, hostKey);
    const { timeline } = await host.ask('steerParty', { paused: false, at: 1 });
    await until(async () => host.pictures.length > 2 * FILM.framesPerSecond);
    const late = await watching(id);
    const { serverTimeMs } = await late.ask('readClock', {});
    const passed = (serverTimeMs - timeline.atServerMs) / 1000;
    const { position, rate } = playheadOf(late);
    expect(rate).toBe(1);
    expect(position).toBeGreaterThan(2);
    expect(position).toBeLessThanOrEqual(timeline.position + passed + 0.2);
  });

  test('are people’s own again when the party is over', async () => {
    const { id, hostKey } = await party();
    const client = await watching(id);
    await call(`/parties/${id}`, { method: 'DELETE', headers: { 'Host-Key': hostKey } });
    await until(async () => client.told('partyEnded').length > 0);
    const { playhead } = await client.ask('steerSession', { at: 9, paused: true });
    expect(playhead.position).toBeCloseTo(9, 1);
  });

  test('of another Asset have no place there', async () => {
    const { id } = await party();
    const client = await somebody();
    const other = await hidden('public');
    for (const [assetId, partyId] of [
      [film, NO_PARTY],
      [other, id],
    ] as const) {
      await expect(client.ask('openSession', { assetId, partyId })).rejects.toThrow();
    }
  });
});
