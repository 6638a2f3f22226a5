import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Owner } from '../server/library/reader.ts';
import { setUpAdministrator } from './support/administrator.ts';
import { startApp, type TestApp } from './support/app.ts';
import { askRaw, hearEvents } from './support/door-requests.ts';
import {
  always,
  hidden,
  LISTED,
  LISTED_TO_READERS,
  ofPersons,
  type Outcome,
  PEOPLE,
  type Person,
  TOLD,
  unchanged,
  UNHEARD,
} from './support/doors.ts';
import { type LibraryBehind, makeCaptionedFilm, openLibrary } from './support/library.ts';
import { askSocket, askWhep, joinChannel } from './support/live-doors.ts';
import { until } from './support/live-server.ts';
import { recordSecret } from './support/run-record.ts';

const CHECKSUM = 'ab'.repeat(32);
const [TITLE, NO_LIMIT, GUESS] = [{ title: 'Secret' }, { maxViewers: null }, { password: 'guess' }];
const NOBODYS = 'A'.repeat(16);

const PLAYABLE = { role: 'rendition', name: 'video-0.mp4', type: 'video/mp4', bytes: 1 } as const;

const createdSchema = z.looseObject({ id: z.string(), token: z.string() });
const idSchema = z.looseObject({ id: z.string() });
const listSchema = z.looseObject({ assets: z.array(idSchema) });
const batchSchema = z.object({
  changed: z.array(z.string()),
  failed: z.array(z.object({ code: z.string() })),
});
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

describe('private means private', () => {
  let folder = '';
  let server: TestApp;
  let library: LibraryBehind;
  let owner: Owner;
  const headers: Record<Person, Record<string, string>> = {
    ...{ stranger: {}, channels: {}, reader: {}, writer: {}, owner: {}, admin: {} },
  };
  /** The private one, with everything that can be made of a film; a public one beside it. */
  let film = '';
  let open = '';
  let collection = '';
  /** Of the owner, who watches the film there. */
  let party = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sfumato-private-'));
    server = await startApp();
    library = await openLibrary(server);
    headers.admin = { cookie: await setUpAdministrator(server), origin: server.url };
    owner = { id: '', name: 'owner' };
    for (const [person, scope] of [
      ['channels', 'channels:write'],
      ['reader', 'library:read'],
      ['writer', 'library:write'],
      ['owner', 'library:write'],
    ] as const) {
      const scopes = [...new Set([scope, 'channels:read'])];
      const answer = await call('admin', 'POST', '/tokens', { name: person, scopes });
      const { id, token } = createdSchema.parse(await answer.json());
      recordSecret(person, token);
      headers[person] = { authorization: `Bearer ${token}` };
      if (person === 'owner') owner = { id, name: 'owner' };
    }
    const facts = { originalName: 'secret name.mkv', checksum: CHECKSUM, tags: ['secret'] };
    film = await library.put(
      await makeCaptionedFilm(folder, { seconds: 3, words: 'Whispered' }),
      { title: 'Secret', ...facts },
      owner,
    );
    open = await library.put(Buffer.from('none'), { title: 'Open', visibility: 'public' });
    await library.ready(film);
    collection = await createCollection('owner', 'public');
    await call('owner', 'POST', `/collections/${collection}/items`, { assetIds: [film] });
    await putOnAir();
    const opened = await call('owner', 'POST', '/parties', { assetId: film });
    party = idSchema.parse(await opened.json()).id;
  });
  afterAll(async () => {
    await library.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  function call(person: Person, method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        ...headers[person],
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** One Channel plays the private film and will play it again; another one cannot play what it is to. */
  async function putOnAir(): Promise<void> {
    const at = new Date(Date.now() + 86_400_000).toISOString();
    const hollow = (await library.assets.create({ title: 'Secret, too', kind: 'video' }, owner)).id;
    await library.assets.record(hollow, { files: [{ ...PLAYABLE }] });
    for (const [id, body] of [
      ['plays', { items: [{ collectionId: collection }], schedule: [{ at, assetId: film }] }],
      ['waits', { schedule: [{ at, assetId: hollow }] }],
    ] as const) {
      await call('admin', 'POST', '/channels', { id, title: id });
      expect(await status(call('admin', 'PUT', `/channels/${id}/playlist`, body))).toBe(200);
    }
    await library.assets.record(hollow, { files: [] });
    await call('admin', 'PATCH', `/assets/${hollow}`, { description: 'nothing to play any more' });
    await until(async () => (await playlist('admin', 'plays')).includes('"now"'));
    await until(async () => (await playlist('admin', 'waits')).includes('Nothing of it'));
  }

  const playlist = async (person: Person, id: string) =>
    (await call(person, 'GET', `/channels/${id}/playlist`)).text();

  /** Is its title anywhere in what is said of a Channel's playlist? */
  const namedOnAir = (id: string) => async (person: Person) => {
    const answer = await playlist(person, id);
    if (answer.includes('"error"')) return 'refused';
    return answer.includes('Secret') ? 'told' : 'not told';
  };

  async function createCollection(person: Person, visibility: string): Promise<string> {
    const answer = await call(person, 'POST', '/collections', { title: 'x', visibility });
    return answer.status === 201 ? idSchema.parse(await answer.json()).id : NOBODYS;
  }

  /** Only whether, for lists. */
  async function listed(person: Person, query: string): Promise<Outcome> {
    const answer = await call(person, 'GET', `/assets?${query}`);
    if (answer.status !== 200) return answer.status;
    const { assets } = listSchema.parse(await answer.json());
    return assets.some(({ id }) => id === film) ? 'listed' : 'not listed';
  }

  const lists = (query: () => string) => (person: Person) => listed(person, query());
  const status = async (answer: Promise<Response>): Promise<number> => {
    const { status: code, body } = await answer;
    await body?.cancel();
    return code;
  };
  const get = (path: () => string, further: Record<string, string> = {}) => {
    return async (person: Person) => {
      const url = `${server.url}/api/v1/assets/${path()}`;
      return status(fetch(url, { headers: { ...headers[person], ...further } }));
    };
  };
  const asks = (method: string, path: () => string, body?: unknown) => (person: Person) =>
    status(call(person, method, `/assets/${path()}`, body));
  const file = (name: string, range?: string) =>
    get(() => `${film}/files/${name}`, range === undefined ? {} : { range });
  const hls = (name: string) => get(() => `${film}/hls/${name}`);

  const raw = (path: () => string) => (person: Person) =>
    askRaw(server.url, path(), headers[person]);
  const socket = (method: string, data: () => Record<string, string>) => (person: Person) =>
    askSocket(server.url, { method, data: data() }, headers[person]);
  const trick = (rest: string) =>
    raw(() => `/api/v1/assets/${rest.replace('FILM', film).replace('OPEN', open)}`);

  /** Is it told of a change? One of the public Asset, twice, says that it would have been. */
  async function hearsOfIt(person: Person): Promise<Outcome> {
    const events = await hearEvents(`${server.url}/api/v1/assets/events`, headers[person]);
    if (events.status !== 200) return events.status;
    await library.assets.record(open, { files: [{ ...PLAYABLE }] });
    await call('admin', 'PATCH', `/assets/${film}`, { description: person });
    for (const round of ['first', 'second']) {
      const description = `${round} for ${person}`;
      await call('admin', 'PATCH', `/assets/${open}`, { description });
      await events.until(description);
    }
    const heard = await events.until('');
    events.close();
    return heard.includes(film) ? 'told' : 'not told';
  }

  async function batch(person: Person): Promise<Outcome> {
    const answer = await call(person, 'POST', '/assets/batch', { ids: [film], addTags: ['x'] });
    if (answer.status !== 200) return answer.status;
    const { changed, failed } = batchSchema.parse(await answer.json());
    return failed[0]?.code ?? (changed.includes(film) ? 'changed' : 'not changed');
  }

  async function remove(person: Person): Promise<Outcome> {
    const { id } = await library.assets.create({ title: 'to be deleted' }, owner);
    return status(call(person, 'DELETE', `/assets/${id}`));
  }

  async function prepare(person: Person): Promise<Outcome> {
    const { id } = await library.assets.create({ title: 'refused', state: 'refused' }, owner);
    return status(call(person, 'POST', `/assets/${id}/prepare`));
  }

  async function putIntoOwn(person: Person): Promise<Outcome> {
    const own = await createCollection(person, 'private');
    return status(call(person, 'POST', `/collections/${own}/items`, { assetIds: [film] }));
  }

  const [RULES, UNLOCK] = [() => `${film}/rules`, () => `${film}/unlock`];

  /** Every door, what is asked there, what everybody finds in the order of PEOPLE, and the operation that it is. */
  const DOORS: [string, (person: Person) => Promise<Outcome>, Outcome[], operation?: string][] = [
    ['its page', raw(() => `/watch/${film}`), hidden(200)],
    ['its page in a frame', raw(() => `/embed/${film}`), hidden(200)],
    ['itself', get(() => film), hidden(200), 'get /assets/{id}'],
    ['itself, HEAD', asks('HEAD', () => film), hidden(200)],
    ['the list', lists(() => 'limit=200'), LISTED, 'get /assets'],
    ['the search', lists(() => 'text=secret'), LISTED],
    ['the search for what is said in it', lists(() => 'text=whispered'), LISTED],
    ['a tag', lists(() => 'tag=secret'), LISTED],
    ['those that are private', lists(() => 'visibility=private'), LISTED],
    ['the same content', lists(() => `checksum=${CHECKSUM}`), LISTED_TO_READERS],
    ['what the owner has', lists(() => `owner=${owner.id}`), LISTED_TO_READERS],
    ['a public collection', lists(() => `collection=${collection}`), LISTED],
    ['changes of all', hearsOfIt, TOLD, 'get /assets/events'],
    ['its changes', get(() => `events?id=${film}`), hidden(200)],
    ['what a Channel plays', namedOnAir('plays'), ['refused', ...TOLD.slice(1)]],
    ['why a Channel plays nothing', namedOnAir('waits'), ['refused', ...TOLD.slice(1)]],
    ['a Rendition', file('video-0.mp4'), hidden(200), 'get /assets/{id}/files/{name}'],
    ['a part of it', file('video-0.mp4', 'bytes=0-99'), hidden(206)],
    ['a part beyond its end', file('video-0.mp4', 'bytes=99999999-'), hidden(416)],
    ['a Rendition, HEAD', asks('HEAD', () => `${film}/files/video-0.mp4`), hidden(200)],
    ['the sound', file('audio.mp4'), hidden(200)],
    ['the poster', file('poster-320.jpg'), hidden(200)],
    ['the preview', file('preview.vtt'), hidden(200)],
    ['a sheet of it', file('preview-0.jpg'), hidden(200)],
    ['the waveform', file('waveform.json'), hidden(200)],
    ['captions', file('captions-0.vtt'), hidden(200)],
    ['the original', file('original'), hidden(200)],
    ['the original, to be kept', file('original?download'), hidden(200)],
    ['what was made, by its name', file('made.json'), always(404)],
    ['a guessed file', file('video-9.mp4'), always(404)],
    ['no file', file(''), always(404)],
    ['HLS', hls('master.m3u8'), hidden(200), 'get /assets/{id}/hls/{name}'],
    ['HLS of a Rendition', hls('video-0.m3u8'), hidden(200)],
    ['HLS of the sound', hls('audio.m3u8'), hidden(200)],
    ['HLS of captions', hls('captions-0.m3u8'), hidden(200)],
    ['HLS of key frames', hls('video-0-iframes.m3u8'), hidden(200)],
    ['HLS of what is none', hls('original.m3u8'), always(404)],
    ['many at once', batch, unchanged('changed', 'notFound'), 'post /assets/batch'],
    ['a change', asks('PATCH', () => film, TITLE), unchanged(200), 'patch /assets/{id}'],
    ['its rules', get(RULES), [401, 403, 404, 404, 200, 200], 'get /assets/{id}/rules'],
    ['a rule', asks('PATCH', RULES, NO_LIMIT), unchanged(200), 'patch /assets/{id}/rules'],
    ['a password', asks('POST', UNLOCK, GUESS), always(401), 'post /assets/{id}/unlock'],
    ['its end', remove, unchanged(204), 'delete /assets/{id}'],
    ['its preparation', prepare, unchanged(204), 'post /assets/{id}/prepare'],
    [
      'how far one has come',
      get(() => `${film}/position`),
      ofPersons(200),
      'get /assets/{id}/position',
    ],
    [
      'how far one has come, to be kept',
      asks('PUT', () => `${film}/position`, { seconds: 1 }),
      ofPersons(200),
      'put /assets/{id}/position',
    ],
    [
      'how far one has come, to be forgotten',
      asks('DELETE', () => `${film}/position`),
      ofPersons(204),
      'delete /assets/{id}/position',
    ],
    ['a collection of one’s own', putIntoOwn, unchanged(204)],
    [
      'a party that watches it',
      (who) => status(call(who, 'POST', '/parties', { assetId: film })),
      [401, 403, 404, 404, 201, 201],
    ],
    ['one that there is', (who) => status(call(who, 'GET', `/parties/${party}`)), hidden(200)],
    ['a place there', socket('joinParty', () => ({ partyId: party })), UNHEARD],
    ['the socket', () => joinChannel(server.url, film), always('no such Channel')],
    ['the socket, to play it', socket('openSession', () => ({ assetId: film })), UNHEARD],
    ['WHEP', (who) => askWhep(server.url, film, headers[who]), always(404)],
    ['a folder up', trick('OPEN/files/..%2f..%2fFILM%2foriginal'), always(404)],
    ['a folder up, as it is', trick('OPEN/files/../FILM/original'), always(404)],
    [
      'a folder up, encoded twice',
      trick('OPEN/files/%252e%252e%252fFILM%252foriginal'),
      always(404),
    ],
    ['a folder up, the other way', trick('OPEN/files/..%5cFILM%5coriginal'), always(404)],
    ['a folder up in the id', trick('OPEN%2f..%2fFILM/files/original'), always(404)],
    ['a folder as the id', trick('../media/files/FILM'), always(404)],
    [
      'another letter case',
      raw(() => `/api/v1/assets/${film.toLowerCase()}/files/video-0.mp4`),
      always(404),
    ],
    ['an end in the name', trick('FILM/files/original%00.mp4'), always(404)],
    ['what is no encoding', trick('FILM/files/%zz'), always(400)],
    ['the folder on the disk', raw(() => `/media/${film}/original`), always(404)],
    ['the folder of the pages', raw(() => `/assets/..%2f..%2f${film}%2foriginal`), always(404)],
  ];

  test.each(DOORS)('%s', async (_door, ask, expected) => {
    const found: Outcome[] = [];
    for (const person of PEOPLE) found.push(await ask(person));
    expect(Object.fromEntries(PEOPLE.map((person, at) => [person, found[at]]))).toEqual(
      Object.fromEntries(PEOPLE.map((person, at) => [person, expected[at]])),
    );
  });

  test('every operation on Assets is in the table', async () => {
    const document = documentSchema.parse(
      await (await fetch(`${server.url}/api/openapi.json`)).json(),
    );
    const operations = Object.entries(document.paths)
      .filter(([path]) => path.startsWith('/assets'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(operations.length).toBeGreaterThan(7);
    expect(DOORS.flatMap(([, , , operation]) => operation ?? []).toSorted()).toEqual(
      operations.toSorted(),
    );
  });

  test('what is private answers word for word like what there is not', async () => {
    for (const rest of ['', '/files/video-0.mp4', '/files/original', '/hls/master.m3u8']) {
      for (const person of ['stranger', 'reader', 'writer'] as const) {
        const [one, none] = await Promise.all(
          [film, NOBODYS].map((id) => call(person, 'GET', `/assets/${id}${rest}`)),
        );
        expect(await one?.text()).toBe(await none?.text());
        const headersOf = (answer: Response | undefined) =>
          [...(answer?.headers ?? [])].filter(([name]) => name !== 'date');
        expect(headersOf(one)).toEqual(headersOf(none));
      }
    }
  });

  test('unlisted is for who has the address, and the original for nobody but those who may change it', async () => {
    await call('owner', 'PATCH', `/assets/${film}`, { visibility: 'unlisted' });
    for (const [ask, expected] of [
      [file('video-0.mp4'), [200, 200, 200, 200, 200, 200]],
      [hls('master.m3u8'), [200, 200, 200, 200, 200, 200]],
      [raw(() => `/watch/${film}`), [200, 200, 200, 200, 200, 200]],
      [file('original'), [403, 403, 403, 403, 200, 200]],
      [
        lists(() => 'text=secret'),
        ['not listed', 'not listed', 'listed', 'listed', 'listed', 'listed'],
      ],
    ] as const) {
      expect(await Promise.all(PEOPLE.map((person) => ask(person)))).toEqual(expected);
    }
    const kept = await call('stranger', 'GET', `/assets/${film}/files/video-0.mp4?download`);
    await kept.body?.cancel();
    expect(kept.headers.get('Content-Disposition')).toBe(
      'attachment; filename="Secret-video-0.mp4"',
    );
    await call('owner', 'PATCH', `/assets/${film}`, { visibility: 'private' });
    expect(await file('video-0.mp4')('stranger')).toBe(404);
  });

  test('a token that is none opens nothing, not even what is public', async () => {
    const answer = await fetch(`${server.url}/api/v1/assets/${film}/files/video-0.mp4`, {
      headers: { authorization: 'Bearer none' },
    });
    expect(answer.status).toBe(401);
  });
});
