import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { OPERATIONS } from '../server/http/operations.ts';
import { PASSWORD } from './support/administrator.ts';
import { ApiClient, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from './support/databases.ts';
import { recordingLogger } from './support/run-record.ts';
import { TRIED_ELSEWHERE } from './support/tried-elsewhere.ts';

const NAME = 'Ada';

/** Every secret that this suite has used: none of them may be found where it is not asked for. */
const secrets = new Set([PASSWORD]);
const logged: string[] = [];
const log = recordingLogger((line) => logged.push(line), 'trace');

function secret(body: unknown, key: string): string {
  const value = z.looseObject({ [key]: z.string().min(22) }).parse(body)[key];
  secrets.add(z.string().parse(value));
  return z.string().parse(value);
}

/** A body that is nothing but bytes. */
const bytes = (count: number): Call => ({
  method: 'POST',
  body: 'x'.repeat(count),
  headers: { 'Content-Type': 'application/octet-stream' },
});

describe.each(DATABASE_KINDS)('the API on %s', (kind) => {
  let databases: TestDatabases;
  let settings: Record<string, string>;
  let server: TestApp;
  let api: ApiClient;
  let cookie = '';
  const seen = new Set<string>();

  beforeAll(async () => {
    databases = await testDatabases(kind);
    const { dataDir, url } = await databases.create();
    settings = { DATA_DIR: dataDir, DATABASE_URL: url ?? '' };
    await start();
  });
  afterAll(async () => {
    await server.close();
    await databases.close();
  });

  async function start() {
    server = await startApp(settings, log);
    api = await ApiClient.create(server.url, seen);
  }

  /** As a page of the server does it. */
  const asPage = (path: string, call: Call = {}) =>
    api.call(path, { ...call, headers: { cookie, origin: server.url, ...call.headers } });

  async function setupToken(): Promise<string> {
    const link = await server.app.newSetupLink();
    expect(link).toContain(`${server.url.replace('127.0.0.1', 'localhost')}/admin#setup=`);
    const token = link?.split('=')[1] ?? '';
    secrets.add(token);
    return token;
  }

  test('its document is a valid one, by a judge that is not ours', async () => {
    const result = await new Validator().validate(api.document);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  test('nobody has a right before the set-up', async () => {
    const channel = { id: 'one', title: 'One' };
    for (const [path, call] of [
      ['/channels', { method: 'POST', body: channel }],
      ['/channels/one', { method: 'PATCH', body: { title: 'x' } }],
      ['/channels/one', { method: 'DELETE' }],
      ['/channels/one/stream-key', { method: 'POST' }],
      ['/channels/one/health', {}],
      ['/channels/one/upload-probe', bytes(10)],
      ['/tokens', {}],
      ['/tokens', { method: 'POST', body: { name: 'x', scopes: ['admin'] } }],
      ['/tokens/00000000-0000-4000-8000-000000000000', { method: 'DELETE' }],
    ] as const) {
      const answer = await api.call(path, call);
      expect([answer.status, answer.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
    }
    expect((await api.call('/session')).body).toEqual({ principal: null, signInWith: null });
    const login = { name: NAME, password: PASSWORD };
    expect((await api.call('/session', { method: 'POST', body: login })).status).toBe(401);
  });

  test('the set-up link makes one account, once; the newest link only', async () => {
    const setUp = (token: string, password = PASSWORD) =>
      asPage('/setup', { method: 'POST', body: { token, name: NAME, password } });
    const early = await setupToken();
    const token = await setupToken();
    expect((await setUp(early)).status).toBe(401);
    expect((await setUp(token, 'short')).status).toBe(400);
    const answer = await setUp(token);
    expect([answer.status, answer.body]).toEqual([201, { name: 'ada' }]);
    cookie = cookieOf(answer.headers);
    expect((await setUp(token)).status).toBe(401);
    expect(await server.app.newSetupLink()).toBeUndefined();
  });

  test('a session: who, logout, login, and the cookie as it must be', async () => {
    const ada = {
      ...{ kind: 'account', id: expect.any(String), name: 'ada', scopes: ['admin'] },
      ...{ role: 'administrator', external: false },
    };
    const inSession = { principal: ada, signInWith: null };
    expect((await asPage('/session')).body).toEqual(inSession);
    expect((await asPage('/session', { method: 'DELETE' })).status).toBe(204);
    expect((await asPage('/session')).body).toEqual({ principal: null, signInWith: null });
    const wrong = { name: NAME, password: `${PASSWORD}!` };
    expect((await asPage('/session', { method: 'POST', body: wrong })).status).toBe(401);
    const login = { name: 'ADA', password: PASSWORD };
    const answer = await asPage('/session', { method: 'POST', body: login });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Set-Cookie')).toMatch(
      /^sfumato=[\w-]{32,}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    cookie = cookieOf(answer.headers);
    expect((await asPage('/session')).body).toEqual(inSession);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another site, as browsers say it', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('a cookie does not help %s', async (_who, headers) => {
    const forged = { method: 'POST', body: { id: 'forged', title: 'x' }, headers };
    expect((await asPage('/channels', forged)).status).toBe(403);
    const login = { method: 'POST', body: { name: NAME, password: PASSWORD }, headers };
    expect((await asPage('/session', login)).status).toBe(403);
  });

  test('a cookie without any word of where it comes from is no browser’s', async () => {
    const call = { method: 'POST', body: { id: 'forged', title: 'x' }, headers: { cookie } };
    expect((await api.call('/channels', call)).status).toBe(403);
    expect((await api.call('/channels/forged')).status).toBe(404);
  });

  test('Channels: created, listed, changed, deleted', async () => {
    const body = { id: 'studio', title: ' The  Studio ', graceSeconds: 5 };
    const created = await asPage('/channels', { method: 'POST', body });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: 'studio',
      title: 'The  Studio',
      live: false,
      viewers: 0,
      settings: { graceSeconds: 5 },
    });
    expect(secret(created.body, 'streamKey')).toMatch(/^sk_[\w-]{32}$/);
    expect((await asPage('/channels', { method: 'POST', body })).status).toBe(409);
    expect((await asPage('/channels/studio')).body).toHaveProperty('settings.graceSeconds', 5);
    expect((await api.call('/channels/studio')).body).not.toHaveProperty('settings');
    expect((await api.call('/channels')).body).not.toHaveProperty('channels.0.settings');

    const patch = (changes: object) =>
      asPage('/channels/studio', { method: 'PATCH', body: changes });
    expect((await patch({ title: 'Atelier' })).body).toMatchObject({
      title: 'Atelier',
      settings: { graceSeconds: 5 },
    });
    expect((await patch({ graceSeconds: 0 })).body).toMatchObject({ title: 'Atelier' });
    expect((await patch({})).status).toBe(400);
    expect((await asPage('/channels/studio', { method: 'DELETE' })).status).toBe(204);
    expect((await asPage('/channels/studio', { method: 'DELETE' })).status).toBe(404);
    expect((await api.call('/channels')).body).toEqual({ channels: [] });
  });

  test.each([
    [{ id: 'Not An Id', title: 'x' }],
    [{ id: 'a', title: '' }],
    [{ id: 'a', title: '  ' }],
    [{ id: 'a', title: 'x\u0000y' }],
    [{ id: 'a', title: 'x'.repeat(121) }],
    [{ id: 'a', title: 'x', graceSeconds: -1 }],
    [{ id: 'a', title: 'x', graceSeconds: 1.5 }],
    [{ id: 'a', title: 'x', streamKey: 'mine' }],
    [{ id: 'a' }],
    [[]],
    ['{'],
    ['"text"'],
  ])('POST /channels refuses %j', async (body) => {
    const answer = await asPage('/channels', { method: 'POST', body });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'badRequest' } }]);
  });

  test('what is too long, not JSON, or another method, has its status', async () => {
    const long = { id: 'a', title: 'x'.repeat(20_000) };
    expect((await asPage('/channels', { method: 'POST', body: long })).status).toBe(413);
    const headers = { 'Content-Type': 'text/plain' };
    const text = { method: 'POST', body: '{"id":"a","title":"x"}', headers };
    expect((await asPage('/channels', text)).status).toBe(415);
    const put = await asPage('/channels', { method: 'PUT', body: {} });
    expect([put.status, put.headers.get('Allow')]).toEqual([405, 'GET, POST']);
    expect((await api.call('/nothing')).status).toBe(404);
    expect((await api.call('/channels/Not-An-Id')).status).toBe(404);
  });

  test('API tokens do what their scopes say, until they are revoked', async () => {
    const make = async (name: string, scopes: string[]) => {
      const answer = await asPage('/tokens', { method: 'POST', body: { name, scopes } });
      expect(answer.status).toBe(201);
      const { id } = z.looseObject({ id: z.string() }).parse(answer.body);
      return { id, headers: { authorization: `Bearer ${secret(answer.body, 'token')}` } };
    };
    const reader = await make('reader', ['channels:read']);
    const writer = await make('writer', ['channels:write']);
    const admin = await make('admin', ['admin']);
    const create = (id: string, headers: Record<string, string>) =>
      api.call('/channels', { method: 'POST', body: { id, title: id }, headers });

    expect((await create('by-reader', reader.headers)).status).toBe(403);
    const made = await create('by-writer', writer.headers);
    expect(made.status).toBe(201);
    secret(made.body, 'streamKey');
    expect((await api.call('/channels/by-writer', reader)).body).toHaveProperty('settings');
    expect((await api.call('/tokens', writer)).status).toBe(403);
    const list = await api.call('/tokens', admin);
    expect(z.object({ tokens: z.array(z.unknown()) }).parse(list.body).tokens).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'reader', scopes: ['channels:read'] }),
        expect.objectContaining({ name: 'writer', scopes: ['channels:write'] }),
        expect.objectContaining({ name: 'admin', scopes: ['admin'] }),
      ]),
    );
    const revoke = (id: string) =>
      api.call(`/tokens/${id}`, { method: 'DELETE', headers: admin.headers });
    expect((await revoke(writer.id)).status).toBe(204);
    expect((await revoke(writer.id)).status).toBe(404);
    expect((await create('late', writer.headers)).status).toBe(401);
    expect((await api.call('/channels', writer)).status).toBe(401);
    expect((await asPage('/session', writer)).status).toBe(401);
    await api.call('/channels/by-writer', { method: 'DELETE', headers: admin.headers });
  });

  test('a key is shown when it is made, and rotated at will', async () => {
    const call = { method: 'POST', body: { id: 'keyed', title: 'Keyed' } };
    const first = secret((await asPage('/channels', call)).body, 'streamKey');
    const rotated = await asPage('/channels/keyed/stream-key', { method: 'POST' });
    expect(secret(rotated.body, 'streamKey')).not.toBe(first);
    const missing = await asPage('/channels/missing/stream-key', { method: 'POST' });
    expect(missing.status).toBe(404);
    expect(JSON.stringify((await asPage('/channels')).body)).not.toContain('sk_');
  });

  test('health and upload probe: for those with a right, and for the stream key', async () => {
    const rotated = await asPage('/channels/keyed/stream-key', { method: 'POST' });
    const key = { authorization: `Bearer ${secret(rotated.body, 'streamKey')}` };
    const wrong = { authorization: 'Bearer sk_0123456789012345678901234567890' };
    const other = { method: 'POST', body: { id: 'other', title: 'Other' } };
    secret((await asPage('/channels', other)).body, 'streamKey');
    const statuses = async (path: string, call: Call) => [
      (await api.call(`/channels/keyed/${path}`, call)).status,
      (await asPage(`/channels/keyed/${path}`, call)).status,
      (await api.call(`/channels/keyed/${path}`, { ...call, headers: { ...call.headers, ...key } }))
        .status,
      (await api.call(`/channels/other/${path}`, { ...call, headers: { ...call.headers, ...key } }))
        .status,
      (
        await api.call(`/channels/keyed/${path}`, {
          ...call,
          headers: { ...call.headers, ...wrong },
        })
      ).status,
    ];
    const expected = [401, 200, 200, 403, 401];
    expect(await statuses('health', {})).toEqual(expected);
    expect(await statuses('upload-probe', bytes(1_000))).toEqual(expected);
    expect((await asPage('/channels/keyed/health')).body).toEqual({ live: false, health: null });
    expect((await asPage('/channels/missing/health')).status).toBe(404);
    expect((await asPage('/channels/missing/upload-probe', bytes(1))).status).toBe(404);
    const probe = (call: Call) => asPage('/channels/keyed/upload-probe', call);
    expect((await probe(bytes(2_000_000))).body).toEqual({ bytes: 2_000_000 });
    expect((await probe({ method: 'POST', body: {} })).status).toBe(415);
    expect((await probe(bytes(3_000_000))).status).toBe(413);
    await asPage('/channels/other', { method: 'DELETE' });
  });

  test('a restart keeps Channels, sessions and tokens', async () => {
    await server.close();
    await start();
    expect(await server.app.newSetupLink()).toBeUndefined();
    expect((await asPage('/session')).body).toMatchObject({ principal: { name: 'ada' } });
    expect((await asPage('/channels')).body).toMatchObject({
      channels: [{ id: 'keyed', title: 'Keyed', settings: { graceSeconds: 60 } }],
    });
    expect((await asPage('/tokens')).body).toMatchObject({ tokens: [{}, {}] });
  });

  test('guessing of passwords is slowed down', async () => {
    const guess = () =>
      asPage('/session', { method: 'POST', body: { name: 'eve', password: 'guess' } });
    const answers = await Promise.all(Array.from({ length: 25 }, guess));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(20);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(Number(refused[0]?.headers.get('Retry-After'))).toBeGreaterThan(60);
  });

  test('every answer of every operation was seen and is as described', () => {
    const ours = Object.entries(OPERATIONS).filter(([id]) => !(id in TRIED_ELSEWHERE));
    const expected = ours.flatMap(([, { method, path, status }]) => {
      const template = path.replace(/:(\w+)/g, '{$1}');
      return [`${method} ${template} ${status}`];
    });
    expect([...seen].filter((one) => expected.includes(one)).toSorted()).toEqual(
      expected.toSorted(),
    );
  });

  test('no secret is in the log or in the data', () => {
    expect(secrets.size).toBeGreaterThan(8);
    const files = readdirSync(settings['DATA_DIR'] ?? '', { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
    const everything = [...logged, ...files].join('\n');
    for (const one of secrets) expect(everything.includes(one)).toBe(false);
  });
});

describe('a server behind a proxy that ends TLS', () => {
  test('gives out its cookie for secure connections to this host only, and its public address', async () => {
    const server = await startApp({ PUBLIC_URL: 'https://video.example' });
    const link = (await server.app.newSetupLink()) ?? '';
    expect(link).toMatch(/^https:\/\/video\.example\/admin#setup=[\w-]{32}$/);
    const api = await ApiClient.create(server.url, new Set());
    const body = { token: link.split('=')[1], name: NAME, password: PASSWORD };
    const headers = { origin: 'https://video.example' };
    const answer = await api.call('/setup', { method: 'POST', body, headers });
    expect(answer.headers.get('Set-Cookie')).toMatch(
      /^__Host-sfumato=[\w-]{32}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    await server.close();
  });
});

describe('a database that is gone', () => {
  test('does not end what goes without it; the rest is told to try later', async () => {
    const databases = await testDatabases('PostgreSQL');
    const { url = '' } = await databases.create();
    const adminToken = 'an-admin-token-of-32-characters0';
    const server = await startApp({ DATABASE_URL: url, ADMIN_TOKEN: adminToken });
    const api = await ApiClient.create(server.url, new Set());
    await databases.close();
    const headers = { authorization: `Bearer ${adminToken}` };
    expect((await api.call('/channels', { headers })).status).toBe(200);
    const body = { id: 'one', title: 'One' };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const answer = await api.call('/channels', { method: 'POST', body, headers });
      expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5']);
    }
    await server.close();
  });
});

function cookieOf(headers: Headers): string {
  const [pair = ''] = (headers.get('Set-Cookie') ?? '').split(';');
  secrets.add(pair.split('=')[1] ?? '');
  return pair;
}
