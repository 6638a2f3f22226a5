import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { POSITION_OPERATIONS } from '../server/http/position-operations.ts';
import { setUpAdministrator } from './support/administrator.ts';
import { ApiClient, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from './support/databases.ts';
import { type LibraryBehind, openLibrary } from './support/library.ts';

describe.each(DATABASE_KINDS)('the API of how far one has come, on %s', (kind) => {
  let databases: TestDatabases;
  let server: TestApp;
  let library: LibraryBehind;
  let api: ApiClient;
  let settings: Record<string, string> = {};
  let cookie = '';
  const seen = new Set<string>();

  const start = async () => {
    server = await startApp(settings);
    api = await ApiClient.create(server.url, seen);
  };
  beforeAll(async () => {
    databases = await testDatabases(kind);
    const { dataDir, url } = await databases.create();
    settings = { DATA_DIR: dataDir, DATABASE_URL: url ?? '' };
    await start();
    cookie = await setUpAdministrator(server);
    library = await openLibrary({ folder: dataDir, databaseUrl: url });
  });
  afterAll(async () => {
    await library.close();
    await server.close();
    await databases.close();
  });

  const asPerson = (path: string, call: Call = {}, origin = server.url) =>
    api.call(path, { ...call, headers: { cookie, origin } });
  const film = (title = 'Film') =>
    library.add({ title, kind: 'video', duration: 600, visibility: 'public' });
  const put = (id: string, body: unknown) =>
    asPerson(`/assets/${id}/position`, { method: 'PUT', body });

  test('is kept, listed, outlasts a restart of the server, and is forgotten', async () => {
    const id = await film();
    const path = `/assets/${id}/position`;
    expect((await asPerson(path)).body).toEqual({ position: null });
    const { body } = await put(id, { seconds: 61.5 });
    const kept = { seconds: 61.5, updatedAt: expect.stringMatching(/Z$/) };
    expect(body).toEqual({ position: kept });
    await server.close();
    await start();
    expect((await asPerson(path)).body).toEqual({ position: kept });
    expect((await asPerson('/positions')).body).toMatchObject({
      positions: [{ ...kept, asset: { id, title: 'Film' } }],
    });
    expect((await asPerson(path, { method: 'DELETE' })).status).toBe(204);
    expect((await asPerson('/positions?limit=5')).body).toEqual({ positions: [] });
  });

  test.each([
    [{ seconds: -1 }],
    [{ seconds: 'ten' }],
    [{ seconds: 1e9 }],
    [{ seconds: 10, updatedAt: 'yesterday' }],
    [{ seconds: 10, accountId: 'another' }],
    [{}],
  ])('refuses %j', async (body) => {
    expect((await put(await film(), body)).status).toBe(400);
  });

  test('is of whoever is logged in on a page of this server: of no token, stranger or other site', async () => {
    const id = await film();
    const path = `/assets/${id}/position`;
    const body = { seconds: 100 };
    const made = await asPerson('/tokens', {
      method: 'POST',
      body: { name: 'all of it', scopes: ['admin'] },
    });
    const authorization = `Bearer ${String(Reflect.get(Object(made.body), 'token'))}`;
    for (const [headers, status] of [
      [{}, 401],
      [{ authorization }, 403],
      [{ cookie, origin: 'https://elsewhere.example' }, 403],
      [{ cookie }, 403],
      [{ cookie, 'sec-fetch-site': 'cross-site' }, 403],
      [{ cookie, 'sec-fetch-site': 'same-origin' }, 200],
    ] as const) {
      expect((await api.call(path, { method: 'PUT', body, headers })).status).toBe(status);
    }
    for (const door of [path, '/positions']) {
      expect((await api.call(door, { headers: { authorization } })).status).toBe(403);
      expect((await api.call(door)).status).toBe(401);
    }
  });

  test('every answer of every operation was seen and is as described', () => {
    const expected = Object.values(POSITION_OPERATIONS).map(
      ({ method, path, status }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${status}`,
    );
    expect([...seen].filter((one) => expected.includes(one)).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});
