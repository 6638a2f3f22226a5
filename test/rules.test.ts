import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type Visibility, VISIBILITIES } from '../signaling/contract/index.ts';
import {
  CHANNEL,
  headersOf,
  RuledServer,
  type Shown,
  STATUS,
  tokenOf,
} from './support/ruled-server.ts';
import { ViewingSocket } from './support/viewing-socket.ts';

const channelsSchema = z.object({ channels: z.array(z.looseObject({ id: z.string() })) });
const assetsSchema = z.object({ assets: z.array(z.looseObject({ id: z.string() })) });

const RIGHTS = [
  'nothing',
  'login',
  'right to read',
  'right to change',
  'token for it',
  'token for all',
  'token for another',
  'no token of ours',
  'revoked token',
  'said password',
  'said old password',
] as const;
type Right = (typeof RIGHTS)[number];

/** The table, as `mayWatch` has it: what each right opens, by visibility. */
const MAY: Record<Right, Record<Visibility, string>> = {
  nothing: row('signIn', 'password', 'token', 'gone'),
  login: row('ok', 'password', 'token', 'gone'),
  'right to read': row('ok', 'ok', 'ok', 'gone'),
  'right to change': row('ok', 'ok', 'ok', 'ok'),
  'token for it': row('ok', 'ok', 'ok', 'ok'),
  'token for all': row('ok', 'ok', 'ok', 'gone'),
  'token for another': row('wrongToken', 'wrongToken', 'wrongToken', 'gone'),
  'no token of ours': row('wrongToken', 'wrongToken', 'wrongToken', 'gone'),
  'revoked token': row('revoked', 'revoked', 'revoked', 'revoked'),
  'said password': row('wrongToken', 'ok', 'wrongToken', 'gone'),
  'said old password': row('wrongToken', 'revoked', 'wrongToken', 'gone'),
};

function row(signedIn: string, password: string, token: string, hidden: string) {
  return { public: 'ok', unlisted: 'ok', signedIn, password, token, private: hidden };
}

/** Lists are made for people: a token stands for one thing. */
const LISTED: Record<Visibility, readonly Right[]> = {
  public: RIGHTS,
  unlisted: ['right to read', 'right to change'],
  signedIn: ['login', 'right to read', 'right to change'],
  password: ['right to read', 'right to change'],
  token: ['right to read', 'right to change'],
  private: ['right to change'],
};

describe('who may watch', () => {
  let at: RuledServer;
  let party = '';
  const shown: Record<'channel' | 'asset', Map<Right, Shown>> = {
    channel: new Map(),
    asset: new Map(),
  };

  beforeAll(async () => {
    at = await RuledServer.start();
    party = await at.newParty();
    const { headers } = await at.newViewer();
    const reader = await at.newToken('channels:read', 'library:read');
    for (const [kind, path, other] of [
      ['channel', `/channels/${CHANNEL}`, at.film],
      ['asset', `/assets/${at.film}`, CHANNEL],
    ] as const) {
      const id = path.split('/')[2] ?? '';
      const said: string[] = [];
      for (const password of ['first password', 'second password']) {
        await at.change(`${path}/rules`, 'PATCH', { visibility: 'password', password });
        said.push(await at.unlock(path, password));
      }
      const revoked = await at.issue(id);
      await at.change(`/playback-tokens/${revoked.id}`, 'DELETE');
      const [old = '', present = ''] = said;
      const all: Record<Right, Shown> = {
        nothing: {},
        login: { headers },
        'right to read': { headers: { authorization: `Bearer ${reader}` } },
        'right to change': { headers: at.admin },
        'token for it': { token: (await at.issue(id)).token },
        'token for all': { token: (await at.issue('*')).token },
        'token for another': { token: (await at.issue(other)).token },
        'no token of ours': { token: 'eyJhbGciOiJub25lIn0.e30.x' },
        'revoked token': { token: revoked.token },
        'said password': { token: present },
        'said old password': { token: old },
      };
      for (const right of RIGHTS) shown[kind].set(right, all[right]);
    }
  });
  afterAll(() => at.close());

  async function ask<T>(kind: 'channel' | 'asset', door: (one: Shown) => Promise<T>) {
    const found: [Right, T][] = [];
    for (const [right, one] of shown[kind]) found.push([right, await door(one)]);
    return Object.fromEntries(found);
  }

  const get = (path: () => string) => (one: Shown) => at.get(path(), one);
  const socket =
    (...asked: (() => [method: string, data: Record<string, unknown>])[]) =>
    async (one: Shown) => {
      const opened = await ViewingSocket.open(at.url, one.headers);
      let said = '';
      for (const request of asked) {
        const [method, data] = request();
        // The first thing of several is for everybody.
        const token = request === asked.at(-1) ? tokenOf(one) : {};
        said = await opened.ask(method, { ...data, ...token });
      }
      opened.close();
      return said;
    };
  const join = (channelId: string) => (): [string, object & Record<string, unknown>] => [
    'join',
    { channelId },
  ];
  const file = (name: string) => () => `/api/v1/assets/${at.film}/files/${name}`;
  const hls = (name: string) => () => `/api/v1/assets/${at.film}/hls/${name}`;

  /** Every door at which something is watched. */
  const DOORS: [string, 'channel' | 'asset', (one: Shown) => Promise<string>][] = [
    ['a Channel', 'channel', get(() => `/api/v1/channels/${CHANNEL}`)],
    ['join', 'channel', socket(join(CHANNEL))],
    ['zap', 'channel', socket(join('open'), () => ['zap', { channelId: CHANNEL }])],
    ['WHEP', 'channel', (one) => at.whep(CHANNEL, one)],
    ['WHEP, GET', 'channel', get(() => `/whep/${CHANNEL}`)],
    ['an Asset', 'asset', get(() => `/api/v1/assets/${at.film}`)],
    ['its changes', 'asset', get(() => `/api/v1/assets/events?id=${at.film}`)],
    ['its poster', 'asset', get(file('poster-320.jpg'))],
    ['a Rendition', 'asset', get(file('video-0.mp4'))],
    ['captions', 'asset', get(file('captions-0.vtt'))],
    ['HLS', 'asset', get(hls('master.m3u8'))],
    ['HLS of a Rendition', 'asset', get(hls('video-0.m3u8'))],
    ['openSession', 'asset', socket(() => ['openSession', { assetId: at.film }])],
    ['joinParty', 'asset', socket(() => ['joinParty', { partyId: party }])],
    ['a party', 'asset', get(() => `/api/v1/parties/${party}`)],
  ];

  /** Elements that play media send no headers: there the token stands in the address. */
  const BY_ADDRESS: [string, () => string][] = [
    ['its changes', () => `/api/v1/assets/events?id=${at.film}`],
    ['its poster', file('poster-320.jpg')],
    ['a Rendition', file('video-0.mp4')],
    ['HLS', hls('master.m3u8')],
  ];

  const PAGES = [
    ['the watch page', (id: string) => `/watch/${id}`],
    ['the page in a frame', (id: string) => `/embed/${id}`],
  ] as const;

  describe.each(VISIBILITIES)('what is %s', (visibility) => {
    beforeAll(() => at.rule({ visibility }));

    const expected = Object.fromEntries(RIGHTS.map((right) => [right, MAY[right][visibility]]));

    test.each(DOORS)('%s', async (_door, kind, door) => {
      expect(await ask(kind, door)).toEqual(expected);
    });

    test.each(BY_ADDRESS)('%s, with the token in the address', async (_door, path) => {
      const door = ({ token, headers = {} }: Shown) => {
        const sign = path().includes('?') ? '&' : '?';
        return at.get(path() + (token === undefined ? '' : `${sign}token=${token}`), { headers });
      };
      expect(await ask('asset', door)).toEqual(expected);
    });

    test.each(PAGES)('%s', async (_door, pathOf) => {
      const statuses = Object.fromEntries(
        RIGHTS.map((right) => [right, STATUS[MAY[right][visibility]]]),
      );
      expect(await ask('channel', (one) => at.page(pathOf(CHANNEL), one))).toEqual(statuses);
      expect(await ask('asset', (one) => at.page(pathOf(at.film), one))).toEqual(statuses);
    });

    test('lists', async () => {
      const listed = Object.fromEntries(
        RIGHTS.map((right) => [right, LISTED[visibility].includes(right)]),
      );
      const inChannels = async (one: Shown) => {
        const { body } = await at.api.call('/channels', { headers: headersOf(one) });
        return channelsSchema.parse(body).channels.some(({ id }) => id === CHANNEL);
      };
      const inAssets = async (one: Shown) => {
        const { body } = await at.api.call('/assets', { headers: headersOf(one) });
        return assetsSchema.parse(body).assets.some(({ id }) => id === at.film);
      };
      expect(await ask('channel', inChannels)).toEqual(listed);
      expect(await ask('asset', inAssets)).toEqual(listed);
    });

    test('what is told to everybody: oEmbed, the head of the page, the site map', async () => {
      const isOpen = visibility === 'public' || visibility === 'unlisted';
      for (const [id, title] of [
        [CHANNEL, 'Stage'],
        [at.film, 'Film'],
      ] as const) {
        const url = encodeURIComponent(`${at.url}/watch/${id}`);
        const closed = visibility === 'private' && id === CHANNEL ? 404 : 401;
        expect(await at.page(`/oembed?url=${url}`)).toBe(isOpen ? 200 : closed);
        const head = await (await fetch(`${at.url}/watch/${id}`)).text();
        expect(head.includes(`<title>${title} · Sfumato</title>`)).toBe(isOpen);
        const map = await (await fetch(`${at.url}/sitemap.xml`)).text();
        expect(map.includes(`/watch/${id}`)).toBe(visibility === 'public');
      }
    });
  });
});
