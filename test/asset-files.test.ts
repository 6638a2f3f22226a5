import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, readlink, rm, truncate } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createS3MediaFiles } from '../server/store/media-files/s3-media-files.ts';
import { mediaKey } from '../server/store/media-files/media-key.ts';
import { startApp, type TestApp } from './support/app.ts';
import { ADMIN, type LibraryBehind, openLibrary } from './support/library.ts';
import { until } from './support/live-server.ts';
import { startS3 } from './support/s3-server.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
const AUTHORIZATION = { authorization: `Bearer ${ADMIN_TOKEN}` };
/** More than all buffers between disk and client together. */
const LARGE_BYTES = 64 * 1024 * 1024;

describe('files of Assets', () => {
  let server: TestApp;
  let library: LibraryBehind;
  let id = '';
  let url = '';
  /** The original: bytes that tell where they are from. */
  const bytes = Buffer.alloc(LARGE_BYTES);

  beforeAll(async () => {
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(at, at);
    server = await startApp({ ADMIN_TOKEN });
    library = await openLibrary(server);
    const facts = { title: 'Numbers', originalName: 'Über "alles"\r\n.bin' };
    id = await library.put(bytes, facts);
    url = `${server.url}/api/v1/assets/${id}/files/original`;
    await until(async () => (await library.assets.get(id, SERVER)).state === 'refused');
  });
  afterAll(async () => {
    await library.close();
    await server.close();
  });
  const SERVER = { id: undefined, role: 'administrator' } as const;

  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(url, { method, headers: { ...AUTHORIZATION, ...headers } });
  const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

  test('the whole', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-disposition': `attachment; filename="_ber _alles_.bin"; filename*=UTF-8''%C3%9Cber%20_alles_.bin`,
      'content-length': String(LARGE_BYTES),
      'content-security-policy': "default-src 'none'; sandbox",
      'content-type': 'application/octet-stream',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[^"]+"$/),
    });
    expect((await bodyOf(answer)).equals(bytes)).toBe(true);
  });

  test.each([
    ['bytes=0-3', 0, 3],
    ['bytes=1000-1999', 1000, 1999],
    ['bytes=-7', LARGE_BYTES - 7, LARGE_BYTES - 1],
    [`bytes=${LARGE_BYTES - 1}-`, LARGE_BYTES - 1, LARGE_BYTES - 1],
    [`bytes=${LARGE_BYTES - 5}-${LARGE_BYTES + 5}`, LARGE_BYTES - 5, LARGE_BYTES - 1],
  ])('a part: %s', async (range, start, end) => {
    const answer = await get({ range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${start}-${end}/${LARGE_BYTES}`);
    expect(answer.headers.get('Content-Length')).toBe(String(end - start + 1));
    expect((await bodyOf(answer)).equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test('beyond the end there is nothing', async () => {
    const answer = await get({ range: `bytes=${LARGE_BYTES}-` });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('Content-Range')).toBe(`bytes */${LARGE_BYTES}`);
    expect(answer.headers.get('Content-Type')).toContain('application/json');
    expect(await answer.json()).toMatchObject({ error: { code: 'badRequest' } });
  });

  test('HEAD says the same without bytes, also of a part', async () => {
    const whole = await get({}, 'HEAD');
    expect([whole.status, whole.headers.get('Content-Length')]).toEqual([200, String(LARGE_BYTES)]);
    expect(await whole.text()).toBe('');
    const part = await get({ range: 'bytes=0-9' }, 'HEAD');
    expect([part.status, part.headers.get('Content-Length')]).toEqual([206, '10']);
  });

  test('what is there already is not sent again, and another file not in parts', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('ETag') ?? '';
    const modified = (await get({}, 'HEAD')).headers.get('Last-Modified') ?? '';
    const same = await get({ 'if-none-match': etag });
    expect([same.status, await same.text(), same.headers.get('Content-Length')]).toEqual([
      304,
      '',
      null,
    ]);
    expect((await get({ 'if-modified-since': modified }, 'HEAD')).status).toBe(304);
    const range = 'bytes=0-9';
    expect((await get({ range, 'if-range': etag }, 'HEAD')).status).toBe(206);
    expect((await get({ range, 'if-range': '"other"' }, 'HEAD')).status).toBe(200);
    const other = await get({ 'if-match': '"other"' });
    expect([other.status, await other.json()]).toMatchObject([
      412,
      { error: { code: 'badRequest' } },
    ]);
  });

  test('other methods are refused', async () => {
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
      const answer = await get({}, method);
      expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET']);
    }
  });

  test('what grows or shrinks while it is sent is sent as it was announced, or broken off', async () => {
    const other = await library.put(bytes, { title: 'Changes' });
    await until(async () => (await library.assets.get(other, SERVER)).state === 'refused');
    const begin = async () => {
      const address = `${server.url}/api/v1/assets/${other}/files/original`;
      const request = httpGet(address, { headers: AUTHORIZATION, agent: false });
      const [answer] = await once(request, 'response');
      return answer;
    };
    const receive = async (answer: AsyncIterable<Buffer>) => {
      let received = 0;
      for await (const chunk of answer) received += chunk.length;
      return received;
    };
    const path = library.path(other, 'original');
    const grows = await begin();
    await appendFile(path, 'more');
    expect(await receive(grows)).toBe(LARGE_BYTES);
    const shrinks = await begin();
    expect(shrinks.headers['content-length']).toBe(String(LARGE_BYTES + 4));
    await truncate(path, LARGE_BYTES / 2);
    await expect(receive(shrinks)).rejects.toThrow('aborted');
  });

  /** How often this process has the file open. */
  async function openHandles(): Promise<number> {
    const handles = await readdir('/proc/self/fd');
    const targets = await Promise.all(
      handles.map((handle) => readlink(join('/proc/self/fd', handle)).catch(() => '')),
    );
    return targets.filter((target) => target === library.path(id, 'original')).length;
  }

  test('a client that goes takes the file handle along', async () => {
    for (let count = 0; count < 20; count += 1) {
      const request = httpGet(url, { headers: AUTHORIZATION });
      const [answer] = await once(request, 'response');
      await once(answer, 'readable');
      if (count === 0) expect(await openHandles()).toBe(1);
      request.destroy();
    }
    await until(async () => (await openHandles()) === 0);
  });

  test('one that goes before it is answered does, too', async () => {
    for (let count = 0; count < 200; count += 1) {
      const request = httpGet(url, { headers: AUTHORIZATION });
      request.on('error', () => undefined);
      // Server and client take turns on one event loop: each time it gets a little further.
      for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
      request.destroy();
    }
    await until(async () => (await openHandles()) === 0);
  });

  test('what a slow client does not take is not read', async () => {
    const request = httpGet(url, { headers: AUTHORIZATION });
    const [answer] = await once(request, 'response');
    answer.pause();
    const readBytes = async () =>
      Number(/^rchar: (\d+)$/m.exec(await readFile('/proc/self/io', 'utf8'))?.[1]);
    // It stands still, with the file open: two looks at what was read differ by nothing of size.
    let last = await readBytes();
    await until(async () => {
      const now = await readBytes();
      const stands = now - last < 64 * 1024;
      last = now;
      return stands;
    });
    expect(await openHandles()).toBe(1);
    request.destroy();
    await until(async () => (await openHandles()) === 0);
  });
});

test('files that are in a bucket of S3 come in parts as well', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-files-s3-'));
  const s3 = await startS3(join(folder, 's3'));
  const { endpoint, bucket, accessKeyId, secretAccessKey, prefix } = s3.settings;
  const server = await startApp({
    ...{ ADMIN_TOKEN, S3_BUCKET: bucket, S3_ENDPOINT: endpoint ?? '', S3_PREFIX: prefix },
    ...{ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
  });
  const library = await openLibrary(server);
  const files = await createS3MediaFiles(s3.settings, join(folder, 'scratch'));
  try {
    const bytes = Buffer.alloc(300_000, 'abcdefg');
    const file = { role: 'rendition', name: 'video-0.mp4', type: 'video/mp4' } as const;
    const facts = {
      state: 'ready',
      kind: 'video',
      files: [{ ...file, bytes: bytes.length }],
    } as const;
    const { id } = await library.assets.create(
      { title: 'x', visibility: 'public', ...facts },
      ADMIN,
    );
    await files.put(mediaKey(id, file.name), { stream: Readable.from([bytes]) });
    const url = `${server.url}/api/v1/assets/${id}/files/${file.name}`;
    const whole = await fetch(url);
    expect([whole.status, whole.headers.get('Content-Type')]).toEqual([200, 'video/mp4']);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await fetch(url, { headers: { range: 'bytes=7-20' } });
    expect([part.status, await part.text()]).toEqual([206, 'abcdefgabcdefg']);
    expect(part.headers.get('Content-Range')).toBe('bytes 7-20/300000');
    const etag = whole.headers.get('ETag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(url.replace('video-0', 'video-1'))).status).toBe(404);
  } finally {
    await files.close();
    await library.close();
    await server.close();
    await s3.close();
    await rm(folder, { recursive: true, force: true });
  }
});
