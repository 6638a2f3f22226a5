import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { pino } from 'pino';
import { z } from 'zod';
import { LIBRARY_OPERATIONS } from '../server/http/library-operations.ts';
import { Assets, type NewAsset } from '../server/library/assets.ts';
import { JobQueue } from '../server/library/jobs/job-queue.ts';
import { type Database, openDatabase } from '../server/store/database.ts';
import { ApiClient, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from './support/databases.ts';
import { until } from './support/live-server.ts';
import { recordSecret } from './support/run-record.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
const log = pino({ level: 'silent' });
const NOBODYS = 'A'.repeat(16);
const RENDITION = { role: 'rendition', name: '720p.mp4', type: 'video/mp4', bytes: 10 } as const;
const idSchema = z.looseObject({ id: z.string() });
const listSchema = z.looseObject({
  assets: z.array(z.looseObject({ title: z.string() })),
  cursor: z.string().nullable(),
});

describe.each(DATABASE_KINDS)('the library’s API on %s', (kind) => {
  let databases: TestDatabases;
  let server: TestApp;
  let api: ApiClient;
  let db: Database;
  let writerId = '';
  const headers: Record<string, Record<string, string>> = {
    stranger: {},
    admin: { authorization: `Bearer ${ADMIN_TOKEN}` },
  };
  const seen = new Set<string>();

  beforeAll(async () => {
    databases = await testDatabases(kind);
    const { dataDir, url } = await databases.create();
    server = await startApp({ DATA_DIR: dataDir, DATABASE_URL: url ?? '', ADMIN_TOKEN });
    api = await ApiClient.create(server.url, seen);
    db = await openDatabase({ dataDir, url, log });
    for (const [name, scope] of [
      ['channels', 'channels:write'],
      ['reader', 'library:read'],
      ['writer', 'library:write'],
    ] as const) {
      const body = { name, scopes: [scope] };
      const answer = await as('admin', '/tokens', { method: 'POST', body });
      const { id, token } = idSchema.extend({ token: z.string() }).parse(answer.body);
      recordSecret(name, token);
      headers[name] = { authorization: `Bearer ${token}` };
      if (name === 'writer') writerId = id;
    }
  });
  afterAll(async () => {
    await db.destroy();
    await server.close();
    await databases.close();
  });

  const as = (who: string, path: string, call: Call = {}) =>
    api.call(path, { ...call, headers: { ...headers[who], ...call.headers } });

  /** Nobody uploads here: an Asset as uploading leaves it. */
  async function make(asset: NewAsset, owner = { id: 'ADMIN_TOKEN', name: 'ADMIN_TOKEN' }) {
    const assets = new Assets({ db, jobs: new JobQueue(db, log), log });
    const { id } = await assets.create(
      { visibility: 'public', files: [RENDITION], ...asset },
      owner,
    );
    return id;
  }
  const byWriter = () => ({ id: writerId, name: 'writer' });

  async function titles(who: string, query = ''): Promise<string[]> {
    const { body, status } = await as(who, `/assets${query}`);
    expect(status).toBe(200);
    return listSchema.parse(body).assets.map(({ title }) => title);
  }

  test('its document is a valid one, by a judge that is not ours', async () => {
    const result = await new Validator().validate(api.document);
    expect(result.errors).toBeUndefined();
    expect(api.document).toMatchObject({
      paths: {
        '/assets': {
          get: {
            parameters: expect.arrayContaining([
              expect.objectContaining({ name: 'sort', in: 'query', required: false }),
              expect.objectContaining({ name: 'limit', in: 'query', required: false }),
            ]),
          },
        },
      },
    });
  });

  test('changing needs the right to it', async () => {
    const calls: [string, Call][] = [
      ['/assets/batch', { method: 'POST', body: { ids: [NOBODYS], visibility: 'public' } }],
      [`/assets/${NOBODYS}`, { method: 'PATCH', body: { title: 'x' } }],
      [`/assets/${NOBODYS}`, { method: 'DELETE' }],
      [`/assets/${NOBODYS}/prepare`, { method: 'POST' }],
      ['/collections', { method: 'POST', body: { title: 'x' } }],
      [`/collections/${NOBODYS}`, { method: 'PATCH', body: { title: 'x' } }],
      [`/collections/${NOBODYS}`, { method: 'DELETE' }],
      [`/collections/${NOBODYS}/items`, { method: 'POST', body: { assetIds: [NOBODYS] } }],
      [`/collections/${NOBODYS}/items/${NOBODYS}`, { method: 'DELETE' }],
    ];
    for (const [path, call] of calls) {
      expect((await as('stranger', path, call)).status).toBe(401);
      for (const who of ['channels', 'reader']) {
        expect((await as(who, path, call)).status).toBe(403);
      }
    }
  });

  test('an Asset: read, changed, deleted', async () => {
    const checksum = 'ab'.repeat(32);
    const id = await make({ title: 'Film', checksum, originalName: 'at home.mov' }, byWriter());
    const asset = { id, title: 'Film', state: 'uploading', kind: null, watchable: true };
    const stranger = await as('stranger', `/assets/${id}`);
    expect(stranger.body).toMatchObject(asset);
    for (const secret of ['owner', 'originalName', 'checksum']) {
      expect(stranger.body).not.toHaveProperty(secret);
      expect((await as('channels', `/assets/${id}`)).body).not.toHaveProperty(secret);
      expect((await as('reader', `/assets/${id}`)).body).toHaveProperty(secret);
    }
    const patch = (body: unknown) => as('writer', `/assets/${id}`, { method: 'PATCH', body });
    const changes = { title: 'Ein Film', tags: ['B', 'a'], visibility: 'private' };
    const changed = await patch({ ...changes, description: ' Über\nalles ' });
    expect(changed.body).toMatchObject({
      ...changes,
      tags: ['a', 'B'],
      description: 'Über\nalles',
    });
    expect((await as('stranger', `/assets/${id}`)).status).toBe(404);
    expect((await as('reader', `/assets/${id}`)).status).toBe(404);
    expect((await as('admin', `/assets/${id}`)).status).toBe(200);
    expect((await patch({ description: '☂'.repeat(5_000) })).status).toBe(200);
    const remove = (who: string) => as(who, `/assets/${id}`, { method: 'DELETE' });
    expect((await remove('writer')).status).toBe(204);
    expect((await remove('writer')).status).toBe(404);
  });

  test('what was refused, or is ready, is prepared again when it is asked for', async () => {
    const again = (id: string) => as('writer', `/assets/${id}/prepare`, { method: 'POST' });
    for (const state of ['refused', 'ready'] as const) {
      const id = await make({ title: 'once more', state, reason: 'because' }, byWriter());
      expect((await again(id)).status).toBe(204);
      // There is no original: it comes to the same end again.
      await until(async () => {
        const { body } = await as('admin', `/assets/${id}`);
        return z.looseObject({ reason: z.string().optional() }).parse(body).reason !== undefined;
      });
      expect((await as('admin', `/assets/${id}`)).body).toMatchObject({
        ...{ state: 'refused', reason: 'There is no such media file.' },
      });
      await as('admin', `/assets/${id}`, { method: 'DELETE' });
    }
    const uploading = await make({ title: 'not yet' }, byWriter());
    expect((await again(uploading)).status).toBe(409);
    expect((await again(NOBODYS)).status).toBe(404);
    const theirs = await make({ title: 'theirs', state: 'ready' });
    expect((await again(theirs)).status).toBe(403);
    for (const id of [uploading, theirs]) await as('admin', `/assets/${id}`, { method: 'DELETE' });
  });

  test('nobody changes what is somebody else’s, but administrators do', async () => {
    const id = await make({ title: 'theirs' });
    const patch = { method: 'PATCH', body: { title: 'x' } };
    expect((await as('writer', `/assets/${id}`, patch)).status).toBe(403);
    expect((await as('writer', `/assets/${id}`, { method: 'DELETE' })).status).toBe(403);
    expect((await as('admin', `/assets/${id}`, patch)).status).toBe(200);
    expect((await as('admin', `/assets/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  test.each([
    [{}],
    [{ title: '' }],
    [{ title: 'x\ny' }],
    [{ title: 'x'.repeat(201) }],
    [{ description: 'x\u0000y' }],
    [{ description: 'x'.repeat(5_001) }],
    [{ visibility: 'secret' }],
    [{ tags: [''] }],
    [{ tags: 'one' }],
    [{ state: 'ready' }],
    [{ owner: 'me' }],
  ])('PATCH /assets/:id refuses %j', async (body) => {
    const answer = await as('admin', `/assets/${NOBODYS}`, { method: 'PATCH', body });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'badRequest' } }]);
  });

  test('lists: searched, filtered, ordered, paged', async () => {
    await make({ title: 'Crème', kind: 'video', tags: ['x', 'y'], duration: 5 }, byWriter());
    await make({ title: 'Caramel', kind: 'audio', tags: ['x'], duration: 9 });
    await make({ title: 'Cake', visibility: 'unlisted' });
    await make({ title: 'Coffee', visibility: 'private' }, byWriter());
    await make({ title: 'Curd', files: [] });
    expect(await titles('stranger')).toEqual(['Caramel', 'Crème']);
    expect(await titles('channels')).toEqual(['Caramel', 'Crème']);
    expect(await titles('reader')).toEqual(['Curd', 'Cake', 'Caramel', 'Crème']);
    expect(await titles('writer')).toEqual(['Curd', 'Coffee', 'Cake', 'Caramel', 'Crème']);
    expect(await titles('admin', '?sort=title&limit=2')).toEqual(['Cake', 'Caramel']);
    expect(await titles('admin', '?text=creme')).toEqual(['Crème']);
    expect(await titles('stranger', '?text=coff')).toEqual([]);
    expect(await titles('admin', '?tag=x&tag=Y')).toEqual(['Crème']);
    expect(await titles('admin', '?tag=x&sort=longest')).toEqual(['Caramel', 'Crème']);
    expect(await titles('admin', '?kind=audio')).toEqual(['Caramel']);
    expect(await titles('writer', '?owner=me')).toEqual(['Coffee', 'Crème']);
    expect(await titles('admin', '?state=ready')).toEqual([]);
    const all: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/assets?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = listSchema.parse((await as('admin', path)).body);
      all.push(...page.assets.map(({ title }) => title));
      cursor = page.cursor;
    }
    expect(all).toEqual(['Curd', 'Coffee', 'Cake', 'Caramel', 'Crème']);
  });

  test.each([
    ['limit=0'],
    ['limit=many'],
    ['limit=1000'],
    ['sort=best'],
    ['sort=collection'],
    ['kind=letter'],
    ['cursor=x'],
    ['text=a&text=b'],
    ['checksum=1'],
    ['unknown=1'],
  ])('GET /assets?%s is refused', async (query) => {
    expect((await as('admin', `/assets?${query}`)).status).toBe(400);
  });

  test('strangers do not ask who has put what in', async () => {
    for (const query of ['owner=ADMIN_TOKEN', 'owner=me', `checksum=${'ab'.repeat(32)}`]) {
      expect((await as('stranger', `/assets?${query}`)).status).toBe(400);
      expect((await as('reader', `/assets?${query}`)).status).toBe(200);
    }
  });

  test('many at once', async () => {
    const mine = [
      await make({ title: 'one' }, byWriter()),
      await make({ title: 'two' }, byWriter()),
    ];
    const theirs = await make({ title: 'theirs' });
    const batch = (body: object) => as('writer', '/assets/batch', { method: 'POST', body });
    const ids = [...mine, theirs, NOBODYS];
    const { body } = await batch({ ids, addTags: ['batch'], visibility: 'unlisted' });
    expect(body).toMatchObject({
      changed: mine,
      failed: [
        { id: theirs, code: 'forbidden' },
        { id: NOBODYS, code: 'notFound' },
      ],
    });
    expect(await titles('writer', '?tag=batch&sort=oldest')).toEqual(['one', 'two']);
    const collection = await create({ title: 'both' });
    expect((await batch({ ids: mine, addTo: collection })).status).toBe(200);
    expect(await titles('writer', `?collection=${collection}`)).toEqual(['one', 'two']);
    await batch({ ids: mine.slice(0, 1), removeFrom: collection });
    expect(await titles('writer', `?collection=${collection}`)).toEqual(['two']);
    expect((await batch({ ids: mine, addTo: NOBODYS })).status).toBe(404);
    expect((await batch({ ids: mine })).status).toBe(400);
    expect((await batch({ ids: mine, delete: true, addTags: ['x'] })).status).toBe(400);
    expect((await batch({ ids: [], delete: true })).status).toBe(400);
    expect((await batch({ ids: mine, delete: true })).body).toEqual({ changed: mine, failed: [] });
  });

  async function create(collection: object, who = 'writer'): Promise<string> {
    const answer = await as(who, '/collections', { method: 'POST', body: collection });
    expect(answer.status).toBe(201);
    return idSchema.parse(answer.body).id;
  }

  test('collections: made, ordered, nested, filled, deleted', async () => {
    const trip = await create({ title: 'Trip', visibility: 'public' });
    const day = await create({ title: 'Day', parentId: trip, visibility: 'public' });
    const first = await create({ title: 'First', parentId: trip, before: day });
    const shown = await as('stranger', '/collections');
    const { collections } = z
      .object({ collections: z.array(z.looseObject({ id: z.string() })) })
      .parse(shown.body);
    expect(collections).toHaveLength(2);
    expect(collections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: trip, parentId: null }),
        expect.objectContaining({ id: day, parentId: trip }),
      ]),
    );
    expect((await as('stranger', `/collections/${first}`)).status).toBe(404);
    expect((await as('stranger', `/collections/${day}`)).body).toMatchObject({ title: 'Day' });
    const patch = (id: string, body: object, who = 'writer') =>
      as(who, `/collections/${id}`, { method: 'PATCH', body });
    expect((await patch(trip, { parentId: day })).status).toBe(409);
    expect((await patch(day, {})).status).toBe(400);
    const own = await create({ title: 'own' }, 'admin');
    expect((await patch(own, { title: 'x' })).status).toBe(404);
    expect((await patch(day, { parentId: null, title: 'A day' })).body).toMatchObject({
      parentId: null,
      title: 'A day',
    });
    const [a, b] = [await make({ title: 'a' }), await make({ title: 'b' })];
    const items = (body: object) =>
      as('writer', `/collections/${day}/items`, { method: 'POST', body });
    expect((await items({ assetIds: [a] })).status).toBe(204);
    expect((await items({ assetIds: [b], before: a })).status).toBe(204);
    expect((await items({ assetIds: [NOBODYS] })).status).toBe(404);
    expect(await titles('stranger', `?collection=${day}`)).toEqual(['b', 'a']);
    const taken = await as('writer', `/collections/${day}/items/${b}`, { method: 'DELETE' });
    expect(taken.status).toBe(204);
    expect(await titles('stranger', `?collection=${day}`)).toEqual(['a']);
    expect((await as('writer', `/collections/${trip}`, { method: 'DELETE' })).status).toBe(204);
    expect((await as('admin', `/collections/${first}`)).status).toBe(404);
    expect((await as('stranger', `/assets?collection=${trip}`)).status).toBe(404);
  });

  test('there is room, and whoever may put something in is told how much', async () => {
    expect((await as('writer', '/uploads/limits')).body).toMatchObject({ quotaBytes: null });
    expect((await as('reader', '/uploads/limits')).status).toBe(403);
  });

  test('an address of no Asset is one, and other methods are refused', async () => {
    for (const id of ['demo', 'abcdefghijklmnop', '..%2F..', NOBODYS]) {
      expect((await as('admin', `/assets/${id}`)).status).toBe(404);
    }
    const put = await as('admin', `/assets/${NOBODYS}`, { method: 'PUT', body: {} });
    expect([put.status, put.headers.get('Allow')]).toEqual([405, 'GET, PATCH, DELETE']);
  });

  test('every answer of every operation was seen and is as described', () => {
    const expected = Object.values(LIBRARY_OPERATIONS).map(
      ({ method, path, status }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${status}`,
    );
    expect([...seen].filter((one) => expected.includes(one)).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});
