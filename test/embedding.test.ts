import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startApp, type TestApp } from './support/app.ts';
import { type LibraryBehind, openLibrary } from './support/library.ts';
import { makeStill, makeTune } from './support/stored-clips.ts';

/** The fields that oEmbed 1.0 section 2.3.4 asks for. */
const common = { version: z.literal('1.0'), title: z.string(), provider_url: z.url() };
const size = { width: z.number().int().positive(), height: z.number().int().positive() };
const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('video'), ...common, ...size, html: z.string().min(1) }),
  z.object({ type: z.literal('rich'), ...common, ...size, html: z.string().min(1) }),
  z.object({ type: z.literal('photo'), ...common, ...size, url: z.url() }),
]);

let folder = '';
let server: TestApp;
let library: LibraryBehind;
const ids = { tune: '', still: '', unlisted: '', hidden: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sfumato-embedding-'));
  server = await startApp();
  library = await openLibrary(server);
  const put = (file: string, title: string, visibility: 'public' | 'unlisted' | 'private') =>
    library.put(file, { title, visibility });
  ids.tune = await put(await makeTune(folder), 'A tune', 'public');
  ids.still = await put(await makeStill(folder), 'A <still>', 'public');
  ids.unlisted = await put(await makeStill(folder), 'Not in lists', 'unlisted');
  ids.hidden = await put(await makeStill(folder), 'A secret', 'private');
  for (const id of Object.values(ids)) await library.ready(id);
});
afterAll(async () => {
  await library?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const oembed = (id: string, query = '') => {
  const url = encodeURIComponent(`${server.url}/watch/${id}`);
  return fetch(`${server.url}/oembed?url=${url}${query}`);
};

describe('/oembed', () => {
  test.each(['tune', 'still', 'unlisted'] as const)('%s, within its room', async (name) => {
    const response = await oembed(ids[name], '&maxwidth=300&maxheight=200');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const answer = answerSchema.parse(await response.json());
    expect(answer.width).toBeLessThanOrEqual(300);
    expect(answer.height).toBeLessThanOrEqual(200);
    if (answer.type === 'photo') expect((await fetch(answer.url)).status).toBe(200);
    else expect(answer.html).toContain(`/embed/${ids[name]}`);
  });

  test('as XML', async () => {
    const response = await oembed(ids.still, '&format=xml');
    expect(response.headers.get('content-type')).toContain('text/xml');
    expect(await response.text()).toContain('<title>A &lt;still&gt;</title>');
  });

  test.each([
    [404, 'ABCDEFGHIJKLMNO2', ''],
    [404, 'no-such-channel', ''],
    [501, 'tune', '&format=yaml'],
    [401, 'hidden', ''],
    [400, 'tune', '&maxwidth=-1'],
  ])('%i for %s %s', async (status, id, query) => {
    const known: Record<string, string> = ids;
    const response = await oembed(known[id] ?? id, query);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('A secret');
  });

  test('the address of another server is not ours to answer for', async () => {
    const url = encodeURIComponent(`https://elsewhere.example/watch/${ids.tune}`);
    expect((await fetch(`${server.url}/oembed?url=${url}`)).status).toBe(404);
  });
});

describe('the watch page, to those that run no scripts', () => {
  const page = async (id: string) => (await fetch(`${server.url}/watch/${id}`)).text();

  test('leads to its own oEmbed answer', async () => {
    const link = /href="([^"]+format=json)"/.exec(await page(ids.tune))?.[1] ?? '';
    const answer = await (await fetch(link.replaceAll('&amp;', '&'))).json();
    expect(answerSchema.parse(answer).title).toBe('A tune');
  });

  test('says what it is; unlisted: to nobody who searches; private: nothing', async () => {
    expect(await page(ids.still)).toContain('<title>A &lt;still&gt; · Sfumato</title>');
    expect(await page(ids.still)).toContain('property="og:image"');
    expect(await page(ids.unlisted)).toContain('content="noindex"');
    expect(await page(ids.hidden)).not.toContain('A secret');
  });
});

test('the site map has what is public and nothing else', async () => {
  const robots = await (await fetch(`${server.url}/robots.txt`)).text();
  const map = await (await fetch(/Sitemap: (\S+)/.exec(robots)?.[1] ?? '')).text();
  expect(map).toContain(`/watch/${ids.tune}<`);
  expect(map).not.toContain(ids.unlisted);
  expect(map).not.toContain(ids.hidden);
});
