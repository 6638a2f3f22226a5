/** Files come in by tus: with the client that pages use, and request by request. */
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Upload } from 'tus-js-client';
import { z } from 'zod';
import { makeClip } from './support/clip.ts';
import { startApp, type TestApp } from './support/app.ts';
import { DATABASE_KINDS, type TestDatabases, testDatabases } from './support/databases.ts';
import { until } from './support/live-server.ts';
import { recordSecret } from './support/run-record.ts';
import { encode, errorSchema, sha256, Uploader } from './support/uploading.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
const LIMITS = {
  UPLOAD_MAX_BYTES: String(64 * 1024 * 1024),
  UPLOAD_MAX_UNFINISHED: '3',
  LIBRARY_QUOTA_BYTES: String(100 * 1024 * 1024),
  LIBRARY_MAX_ASSETS: '12',
};
const MB = 1024 * 1024;
const limitsSchema = z.object({
  maxBytes: z.number(),
  quotaBytes: z.number().nullable(),
  usedBytes: z.number(),
  maxAssets: z.number().nullable(),
  assets: z.number(),
});

describe.each(DATABASE_KINDS)('uploads on %s', (kind) => {
  let databases: TestDatabases;
  let server: TestApp;
  let folder: string;
  let clip: Buffer;
  const who: Record<string, Uploader> = {};
  const as = (name: string): Uploader => who[name] ?? new Uploader(server.url, {});

  beforeAll(async () => {
    databases = await testDatabases(kind);
    const { dataDir, url } = await databases.create();
    folder = dataDir;
    const settings = { DATA_DIR: dataDir, DATABASE_URL: url ?? '', ADMIN_TOKEN, ...LIMITS };
    server = await startApp(settings);
    clip = readFileSync(await makeClip(dataDir));
    who['admin'] = new Uploader(server.url, { authorization: `Bearer ${ADMIN_TOKEN}` });
    for (const [name, scope] of [
      ['reader', 'library:read'],
      ['writer', 'library:write'],
      ['other', 'library:write'],
    ]) {
      const token = await newToken(`${name}`, `${scope}`);
      who[`${name}`] = new Uploader(server.url, { authorization: `Bearer ${token}` });
    }
  });
  afterAll(async () => {
    await server.close();
    await databases.close();
  });

  async function newToken(name: string, scope: string): Promise<string> {
    const answer = await fetch(`${server.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { ...as('admin').headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name, scopes: [scope] }),
    });
    const { token } = z.object({ token: z.string() }).parse(await answer.json());
    recordSecret(name, token);
    return token;
  }

  const kept = () => readdirSync(join(folder, 'uploads')).filter((name) => name !== '.place');
  const limits = async () => limitsSchema.parse(await as('admin').get('/uploads/limits'));
  const remove = (id: string) =>
    fetch(`${server.url}/api/v1/assets/${id}`, {
      method: 'DELETE',
      headers: as('admin').headers,
    });
  async function codeOf(answer: Response): Promise<[number, string]> {
    return [answer.status, errorSchema.parse(await answer.json()).error.code];
  }

  test('an upload becomes an Asset that can be watched, and its bytes are the original', async () => {
    const id = await as('writer').send(clip, { filename: 'My_first clip.mp4', title: '' });
    const asset = await as('writer').settled(id);
    expect(asset).toMatchObject({
      ...{ state: 'ready', title: 'My first clip', visibility: 'private', kind: 'video' },
      ...{ watchable: true, bytes: clip.length, checksum: sha256(clip) },
      originalName: 'My_first clip.mp4',
    });
    expect(sha256(readFileSync(join(folder, 'media', id, 'original')))).toBe(sha256(clip));
    expect(kept()).toEqual([]);
    expect((await limits()).usedBytes).toBe(clip.length);
    // Who sends it again is told that it is there, and whom it may concern.
    const again = await as('writer').send(clip, { filename: 'copy.mp4', visibility: 'public' });
    await as('writer').settled(again);
    const found = (name: string) => as(name).get(`/assets?checksum=${sha256(clip)}&sort=oldest`);
    expect(await found('writer')).toMatchObject({ assets: [{ id }, { id: again }] });
    expect(await found('other')).toMatchObject({ assets: [{ id: again }] });
    for (const one of [id, again]) expect((await remove(one)).status).toBe(204);
    await until(() => readdirSync(join(folder, 'media')).every((name) => name.startsWith('.')));
  });

  test('what it is told at its creation is so: title, description, visibility, collection', async () => {
    const collection = await fetch(`${server.url}/api/v1/collections`, {
      method: 'POST',
      headers: { ...as('writer').headers, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Days' }),
    });
    const { id } = z.looseObject({ id: z.string() }).parse(await collection.json());
    const metadata = {
      ...{ filename: 'holidays/a/day.mp4', title: 'A Tag, ein Übertrag', visibility: 'unlisted' },
      ...{ description: 'Two\nlines', collection: id, relativePath: 'holidays/a/day.mp4' },
    };
    const answer = await as('writer').announce(metadata, 10);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Location')).toMatch(/^\/api\/v1\/uploads\/[0-9a-f]{32}$/);
    expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('Asset-Id');
    expect(Date.parse(answer.headers.get('Upload-Expires') ?? '')).toBeGreaterThan(Date.now());
    const asset = answer.headers.get('Asset-Id') ?? '';
    expect(await as('writer').asset(asset)).toMatchObject({
      ...{ state: 'uploading', title: metadata.title, visibility: 'unlisted' },
      ...{ description: 'Two\nlines', originalName: 'day.mp4', watchable: false },
    });
    expect(await as('writer').get(`/assets?collection=${id}`)).toMatchObject({
      assets: [{ id: asset }],
    });
    const foreign = await as('other').announce({ filename: 'a.mp4', collection: id }, 10);
    expect(await codeOf(foreign)).toEqual([404, 'notFound']);
    await remove(asset);
  });

  test('after a break it goes on where it was', async () => {
    const bytes = Buffer.alloc(8 * MB, 'no film at all ');
    let sent = 0;
    const options = (upload: { url?: string | null }) => ({
      ...{ chunkSize: MB, uploadUrl: upload.url ?? null },
      onChunkComplete: (size: number) => void (sent += size),
    });
    const first = await new Promise<Upload>((resolve, reject) => {
      const upload: Upload = new Upload(bytes, {
        ...{ endpoint: `${server.url}/api/v1/uploads`, headers: as('writer').headers },
        ...{ metadata: { filename: 'a.mp4' }, onError: reject, retryDelays: null },
        ...options({}),
        onChunkComplete: (size, accepted) => {
          sent += size;
          if (accepted >= 3 * MB) void upload.abort().then(() => resolve(upload), reject);
        },
      });
      upload.start();
    });
    const path = new URL(first.url ?? '').pathname;
    const there = await as('writer').offset(path);
    expect(there).toBeGreaterThanOrEqual(3 * MB);
    expect(there).toBeLessThan(8 * MB);
    const id = await as('writer').send(bytes, {}, options(first));
    expect(sent).toBeLessThan(9 * MB);
    // What it is its content says, and that it is no film.
    const asset = await as('writer').settled(id);
    expect(asset).toMatchObject({ state: 'refused', checksum: sha256(bytes), bytes: 8 * MB });
    // Whoever lost the last answer is told that everything is there.
    expect(await as('writer').offset(path)).toBe(8 * MB);
    await remove(id);
    expect((await as('writer').ask('HEAD', path)).status).toBe(404);
  });

  test('a wrong offset, and more than was announced, change nothing', async () => {
    const { path, assetId } = await as('writer').begin('a.mp4', 10);
    expect(await codeOf(await as('writer').part(path, 5, Buffer.alloc(5)))).toEqual([
      409,
      'conflict',
    ]);
    expect(await codeOf(await as('writer').part(path, 0, Buffer.alloc(11)))).toEqual([
      413,
      'tooLarge',
    ]);
    expect((await as('writer').part(path, 0, Buffer.alloc(4))).status).toBe(204);
    expect(await as('writer').offset(path)).toBe(4);
    await remove(assetId);
  });

  test('only with the right to it, and only by who began it', async () => {
    const begin = (name: string, headers = {}) =>
      as(name).announce({ filename: 'a.mp4' }, 10, headers);
    expect(await codeOf(await begin('stranger'))).toEqual([401, 'unauthorized']);
    expect(await codeOf(await begin('reader'))).toEqual([403, 'forbidden']);
    const session = { cookie: 'sfumato=a-session-of-somebody' };
    expect(
      await codeOf(await begin('stranger', { ...session, origin: 'https://evil.example' })),
    ).toEqual([403, 'forbidden']);
    expect(await codeOf(await begin('stranger', session))).toEqual([403, 'forbidden']);
    expect(await as('admin').get('/assets')).toMatchObject({ assets: [] });
    const { path, assetId } = await as('writer').begin('a.mp4', 10);
    for (const [name, status] of [
      ['stranger', 401],
      ['reader', 403],
      ['other', 404],
    ] as const) {
      expect((await as(name).ask('HEAD', path)).status).toBe(status);
      expect((await as(name).part(path, 0, Buffer.alloc(4))).status).toBe(status);
      expect((await as(name).ask('DELETE', path)).status).toBe(status);
    }
    expect(await as('admin').offset(path)).toBe(0);
    expect((await as('admin').ask('GET', path)).status).toBe(405);
    expect((await as('admin').ask('HEAD', '/api/v1/uploads/..%2F..%2Fsfumato.db')).status).toBe(
      404,
    );
    expect((await as('admin').ask('DELETE', path)).status).toBe(204);
    expect(await as('writer').asset(assetId)).toBeUndefined();
  });

  test('what there is no room for is refused before a byte is sent', async () => {
    const said = async (metadata: Record<string, string>, bytes: number) =>
      codeOf(await as('writer').announce(metadata, bytes));
    const film = { filename: 'a.mp4' };
    expect(await said(film, 65 * MB)).toEqual([413, 'tooLarge']);
    expect(await said(film, 0)).toEqual([415, 'unsupportedMedia']);
    for (const filename of ['setup.exe', 'all.zip', 'paper.PDF', 'photo.heic']) {
      expect(await said({ filename }, 10)).toEqual([415, 'unsupportedMedia']);
    }
    expect(await said({ filename: 'notes', filetype: 'text/plain' }, 10)).toEqual([
      415,
      'unsupportedMedia',
    ]);
    const large = await as('writer').begin('a.mp4', 60 * MB);
    expect(await limits()).toEqual({
      ...{ maxBytes: 64 * MB, quotaBytes: 100 * MB, usedBytes: 60 * MB, maxAssets: 12, assets: 1 },
    });
    expect(await said(film, 41 * MB)).toEqual([507, 'noRoom']);
    const others = [await as('writer').begin('b.mp4', 1), await as('writer').begin('c', 1)];
    expect(await said(film, 1)).toEqual([429, 'tooMany']);
    // Each person has as many; at the end the library is full.
    const admins = [1, 2, 3].map(() => as('admin').begin('a.mp4', 1));
    others.push(...(await Promise.all(admins)));
    others.push(await as('other').begin('a.mp4', 1));
    for (const { assetId } of [large, ...others]) await remove(assetId);
    expect((await limits()).usedBytes).toBe(0);
    await until(() => kept().length === 0);
  });

  test('of many that come at once no more are let in than there are places for', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => as('writer').announce({ filename: 'a.mp4' }, 10)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const { headers } of answers) {
      const id = headers.get('Asset-Id');
      if (id !== null) await remove(id);
    }
  });

  test('what cannot be understood is said to be so', async () => {
    const post = (headers: Record<string, string>) =>
      as('writer').ask('POST', undefined, headers).then(codeOf);
    const filename = encode({ filename: 'a.mp4' });
    const bad: Record<string, string>[] = [
      { 'Upload-Length': '10' },
      { 'Upload-Length': '10', 'Upload-Metadata': encode({ title: 'x' }) },
      { 'Upload-Length': '10', 'Upload-Metadata': 'filename !!!' },
      { 'Upload-Length': '10', 'Upload-Metadata': encode({ filename: 'a\nb.mp4' }) },
      { 'Upload-Length': '10', 'Upload-Metadata': encode({ filename: 'a', visibility: 'all' }) },
      { 'Upload-Length': '10', 'Upload-Metadata': encode({ filename: 'a', collection: '..' }) },
      {
        'Upload-Length': '10',
        'Upload-Metadata': encode({ filename: 'a', title: 'x'.repeat(201) }),
      },
      { 'Upload-Length': '-1', 'Upload-Metadata': filename },
      { 'Upload-Metadata': filename },
      { 'Upload-Defer-Length': '1', 'Upload-Metadata': filename },
      { 'Upload-Length': '10', 'Upload-Metadata': filename, 'Upload-Concat': 'partial' },
    ];
    for (const headers of bad) expect(await post(headers)).toEqual([400, 'badRequest']);
    const old = await post({ 'Tus-Resumable': '0.2.2' });
    expect(old).toEqual([412, 'unsupportedProtocol']);
    expect(await as('admin').get('/assets')).toMatchObject({ assets: [] });
    expect(kept()).toEqual([]);
  });

  test('what tus can here is said, also to pages of other sites', async () => {
    const answer = await fetch(`${server.url}/api/v1/uploads`, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'tus-version': '1.0.0', 'tus-max-size': String(64 * MB) },
      'tus-extension': 'creation,creation-with-upload,termination,expiration',
      'access-control-allow-origin': '*',
    });
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  });

  test('it may come with its creation, too', async () => {
    const id = await as('writer').send(
      clip,
      { filename: 'a.mp4' },
      { uploadDataDuringCreation: true },
    );
    expect(await as('writer').settled(id)).toMatchObject({
      state: 'ready',
      checksum: sha256(clip),
    });
    await remove(id);
  });

  test('with its Asset an upload ends, in the middle of a part', async () => {
    const { path, assetId } = await as('writer').begin('a.mp4', 10 * MB);
    const cut = new Promise<void>((resolve) => {
      const part = httpRequest(`${server.url}${path}`, {
        method: 'PATCH',
        headers: {
          ...as('writer').headers,
          ...{ 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Length': 10 * MB },
          'Content-Type': 'application/offset+octet-stream',
        },
      });
      part.on('close', resolve).on('error', () => resolve());
      part.write(Buffer.alloc(MB));
    });
    const [name = ''] = kept();
    await until(() => readFileSync(join(folder, 'uploads', name)).length === MB);
    await until(async () => /sfumato_uploads 1/.test(await metrics()));
    expect((await remove(assetId)).status).toBe(204);
    await cut;
    await until(() => kept().length === 0);
    expect((await as('writer').ask('HEAD', path)).status).toBe(404);
    expect(await metrics()).toMatch(/sfumato_uploaded_bytes_total [1-9]/);
    expect(await metrics()).toMatch(
      /sfumato_jobs_ended_total\{kind="ingest",outcome="done"\} [1-9]/,
    );
  });

  async function metrics(): Promise<string> {
    return (await fetch(`${server.url}/metrics`)).text();
  }
});
