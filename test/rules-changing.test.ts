import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPEN_RULES } from '../signaling/contract/index.ts';
import { RULES_OPERATIONS } from '../server/http/rules-operations.ts';
import { hearEvents } from './support/door-requests.ts';
import { until } from './support/live-server.ts';
import {
  CHANNEL,
  grantSchema,
  headersOf,
  RuledServer,
  type Shown,
  tokenOf,
} from './support/ruled-server.ts';
import { ViewingSocket } from './support/viewing-socket.ts';

const PASSWORDS = ['first password', 'second password'] as const;
const SITE = 'https://site.example';
const OTHER_SITE = 'https://other.example';

describe('rules that change', () => {
  const seen = new Set<string>();
  let at: RuledServer;

  beforeAll(async () => {
    at = await RuledServer.start(seen);
  });
  afterAll(() => at.close());

  describe('what is being watched ends, within two seconds and with the reason', () => {
    /** From a change on until it is told. */
    async function within<T>(told: Promise<T>, run: () => Promise<unknown>): Promise<T> {
      await run();
      const began = performance.now();
      const why = await told;
      expect(performance.now() - began).toBeLessThan(2_000);
      return why;
    }

    /** Watches the Channel, the Asset, and the Asset’s changes. @returns what they are told in the end */
    async function watchAll(shown: { channel: Shown; asset: Shown }) {
      const live = await ViewingSocket.open(at.url, shown.channel.headers);
      const stored = await ViewingSocket.open(at.url, shown.asset.headers);
      const heads = headersOf(shown.asset);
      expect(await live.ask('join', { channelId: CHANNEL, ...tokenOf(shown.channel) })).toBe('ok');
      const asked = { assetId: at.film, ...tokenOf(shown.asset) };
      expect(await stored.ask('openSession', asked)).toBe('ok');
      const events = await hearEvents(`${at.url}/api/v1/assets/events?id=${at.film}`, heads);
      const refused = async () => {
        const heard = await events.toEnd();
        const last = heard.slice(heard.lastIndexOf('event: '));
        return last.startsWith('event: gone') ? 'gone' : /"refusal":"(\w+)"/.exec(last)?.[1];
      };
      const ends = [live.ended(), stored.ended(), refused()] as const;
      const told = Promise.all(ends);
      return {
        told,
        ends,
        stored,
        close: () => {
          for (const one of [live, stored, events]) one.close();
        },
      };
    }

    const open = { channel: {}, asset: {} };

    test.each<[string, Record<string, unknown>, string]>([
      ['it becomes private', { visibility: 'private' }, 'gone'],
      ['it is for those who are signed in', { visibility: 'signedIn' }, 'signIn'],
      ['it is over', { endsAt: '2020-01-01T00:00:00Z' }, 'over'],
      ['it begins later', { startsAt: '2040-01-01T00:00:00+02:00' }, 'notYet'],
    ])('%s', async (_what, rules, refusal) => {
      await at.rule(OPEN_RULES);
      const watching = await watchAll(open);
      const isGone = refusal === 'gone';
      if (isGone) {
        // Of a Session it is told in its own words.
        await at.rule(rules);
        const [live, , changes] = watching.ends;
        expect(await Promise.all([live, changes])).toEqual([refusal, refusal]);
        await until(() => watching.stored.hasHeard('sessionEnded'));
      } else {
        const all = [refusal, refusal, refusal];
        expect(await within(watching.told, () => at.rule(rules))).toEqual(all);
      }
      watching.close();
    });

    test('its time is over', async () => {
      await at.rule(OPEN_RULES);
      const watching = await watchAll(open);
      await at.rule({ endsAt: new Date(Date.now() + 1_000).toISOString() });
      expect(await watching.told).toEqual(['over', 'over', 'over']);
      watching.close();
    });

    test('another password is set', async () => {
      await at.rule({ ...OPEN_RULES, visibility: 'password', password: PASSWORDS[0] });
      const shown = {
        channel: { token: await at.unlock(`/channels/${CHANNEL}`, PASSWORDS[0]) },
        asset: { token: await at.unlock(`/assets/${at.film}`, PASSWORDS[0]) },
      };
      const watching = await watchAll(shown);
      const told = await within(watching.told, () => at.rule({ password: PASSWORDS[1] }));
      expect(told).toEqual(['revoked', 'revoked', 'revoked']);
      watching.close();
    });

    test('the token is revoked', async () => {
      await at.rule({ ...OPEN_RULES, visibility: 'token' });
      const { id, token: one } = await at.issue('*');
      const watching = await watchAll({ channel: { token: one }, asset: { token: one } });
      const revoke = () => at.change(`/playback-tokens/${id}`, 'DELETE');
      expect(await within(watching.told, revoke)).toEqual(['revoked', 'revoked', 'revoked']);
      watching.close();
    });

    test('the token expires, and what was shown another one goes on', async () => {
      await at.rule({ ...OPEN_RULES, visibility: 'token' });
      const { token: one, expiresAt } = await at.issue('*', { expiresInSeconds: 3 });
      const watching = await watchAll({ channel: { token: one }, asset: { token: one } });
      const renewed = await ViewingSocket.open(at.url);
      await renewed.ask('join', { channelId: CHANNEL, token: one });
      expect(await renewed.ask('renewGrant', { token: 'a.b.c' })).toBe('wrongToken');
      const { token: next } = await at.issue(CHANNEL);
      expect(await renewed.ask('renewGrant', { token: next })).toBe('ok');
      expect(await watching.told).toEqual(['expired', 'expired', 'expired']);
      expect(Math.abs(Date.now() - Date.parse(expiresAt))).toBeLessThan(20_000);
      expect(renewed.hasHeard('watchEnded')).toBe(false);
      expect(await renewed.ask('resume', {})).toBe('ok');
      watching.close();
      renewed.close();
    });

    test('who watches logs out', async () => {
      await at.rule({ ...OPEN_RULES, visibility: 'signedIn' });
      const { headers } = await at.newViewer();
      const watching = await watchAll({ channel: { headers }, asset: { headers } });
      const logOut = () => at.api.call('/session', { method: 'DELETE', headers });
      expect(await within(watching.told, logOut)).toEqual(['signIn', 'signIn', 'signIn']);
      watching.close();
    });

    test('the site is taken from the list', async () => {
      await at.rule({ ...OPEN_RULES, embedSites: [SITE] });
      const shown = { headers: { origin: SITE } };
      const watching = await watchAll({ channel: shown, asset: shown });
      const told = await within(watching.told, () => at.rule({ embedSites: [] }));
      expect(told).toEqual(['site', 'site', 'site']);
      watching.close();
    });

    test('a Channel that is made again under its name is another one', async () => {
      const make = async (password: string) => {
        await at.change('/channels', 'POST', { id: 'again', title: 'Again' });
        const rules = { visibility: 'password', password };
        await at.change('/channels/again/rules', 'PATCH', rules);
      };
      await make(PASSWORDS[0]);
      const before = await at.unlock('/channels/again', PASSWORDS[0]);
      await at.change('/channels/again', 'DELETE');
      await make(PASSWORDS[1]);
      const one = await ViewingSocket.open(at.url);
      expect(await one.ask('join', { channelId: 'again', token: before })).toBe('revoked');
      one.close();
    });

    test('the Channel is deleted', async () => {
      await at.change('/channels', 'POST', { id: 'short', title: 'Short' });
      const one = await ViewingSocket.open(at.url);
      await one.ask('join', { channelId: 'short' });
      const told = await within(one.ended(), () => at.change('/channels/short', 'DELETE'));
      expect(told).toBe('gone');
      one.close();
    });
  });

  describe('on other sites', () => {
    beforeAll(() => at.rule({ ...OPEN_RULES, embedSites: [SITE] }));

    const cors = async (path: string, origin: string) => {
      const answer = await fetch(`${at.url}${path}`, { headers: { origin } });
      await answer.body?.cancel();
      return [answer.status, answer.headers.get('Access-Control-Allow-Origin')];
    };
    const paths = () => [
      `/api/v1/channels/${CHANNEL}`,
      `/api/v1/assets/${at.film}/files/poster-320.jpg`,
      `/api/v1/assets/${at.film}/hls/master.m3u8`,
      `/api/v1/assets/events?id=${at.film}`,
    ];

    test('those on its list read it, and others do not', async () => {
      for (const path of paths()) {
        expect(await cors(path, SITE)).toEqual([200, SITE]);
        expect(await cors(path, OTHER_SITE)).toEqual([403, null]);
      }
    });

    test('an element of another site is refused, too', async () => {
      const headers = { 'Sec-Fetch-Dest': 'image', referer: `${OTHER_SITE}/page` };
      const elsewhere = { ...headers, 'Sec-Fetch-Site': 'cross-site' };
      expect(await at.get(paths()[1] ?? '', { headers: elsewhere })).toBe('site');
    });

    test('those on its list connect, and may watch this and what all sites may', async () => {
      const one = await ViewingSocket.open(at.url, { origin: SITE });
      expect(await one.ask('join', { channelId: CHANNEL })).toBe('ok');
      expect(await one.ask('openSession', { assetId: at.film })).toBe('ok');
      one.close();
      await expect(ViewingSocket.open(at.url, { origin: OTHER_SITE })).rejects.toThrow('403');
      expect(await at.whep(CHANNEL, { headers: { origin: OTHER_SITE } })).toBe('site');
      expect(await at.whep(CHANNEL, { headers: { origin: SITE } })).toBe('ok');
    });

    test('a token is good on its sites only', async () => {
      await at.rule({ visibility: 'token', embedSites: [SITE, OTHER_SITE] });
      const { token: one } = await at.issue('*', { sites: [SITE] });
      const on = (origin: string) => ({ headers: { origin }, token: one });
      expect(await at.get(`/api/v1/assets/${at.film}`, on(SITE))).toBe('ok');
      expect(await at.get(`/api/v1/assets/${at.film}`, on(OTHER_SITE))).toBe('site');
      const other = await ViewingSocket.open(at.url, { origin: OTHER_SITE });
      expect(await other.ask('join', { channelId: CHANNEL, token: one })).toBe('site');
      other.close();
    });

    test('frames: its own list, cut with the token’s', async () => {
      await at.rule({ visibility: 'token', embedSites: [SITE, OTHER_SITE] });
      const { token: one } = await at.issue('*', { sites: [SITE] });
      for (const id of [CHANNEL, at.film]) {
        const framers = async (query: string) => {
          const answer = await fetch(`${at.url}/embed/${id}${query}`);
          await answer.body?.cancel();
          const policy = answer.headers.get('Content-Security-Policy') ?? '';
          return /frame-ancestors ([^;]*)/.exec(policy)?.[1];
        };
        expect(await framers('')).toBe(`'self' ${SITE} ${OTHER_SITE}`);
        expect(await framers(`?token=${one}`)).toBe(`'self' ${SITE}`);
      }
    });

    test('a password may be said there', async () => {
      const answer = await fetch(`${at.url}/api/v1/channels/${CHANNEL}/unlock`, {
        method: 'OPTIONS',
        headers: { origin: SITE, 'Access-Control-Request-Method': 'POST' },
      });
      expect(answer.headers.get('Access-Control-Allow-Methods')).toBe('POST');
      expect(answer.headers.get('Access-Control-Allow-Headers')).toMatch(/Authorization.*Type/);
      await at.rule({ visibility: 'password', password: PASSWORDS[0], embedSites: [SITE] });
      const unlocked = await fetch(`${at.url}/api/v1/channels/${CHANNEL}/unlock`, {
        method: 'POST',
        headers: { origin: SITE, 'Content-Type': 'application/json' },
        body: JSON.stringify({ password: PASSWORDS[0] }),
      });
      expect(unlocked.headers.get('Access-Control-Allow-Origin')).toBe(SITE);
      expect(grantSchema.parse(await unlocked.json()).token).toBeTruthy();
    });
  });

  test('no more watch than may, and a place is free again', async () => {
    await at.rule({ ...OPEN_RULES, maxViewers: 1 });
    const [one, two] = [
      await ViewingSocket.open(at.url),
      await ViewingSocket.open(at.url, { 'user-agent': 'another browser' }),
    ];
    for (const [method, data] of [
      ['join', { channelId: CHANNEL }],
      ['openSession', { assetId: at.film }],
    ] as const) {
      expect(await one.ask(method, data)).toBe('ok');
      // Its own place it may take again.
      expect(await one.ask(method, data)).toBe('ok');
      expect(await two.ask(method, data)).toBe('full');
      expect(await one.ask('leave', {})).toBe('ok');
      expect(await two.ask(method, data)).toBe('ok');
      await two.ask('leave', {});
    }
    const hls = (agent: string) =>
      at.get(`/api/v1/assets/${at.film}/hls/master.m3u8`, { headers: { 'user-agent': agent } });
    expect([await hls('a'), await hls('b'), await hls('a')]).toEqual(['ok', 'full', 'ok']);
    one.close();
    two.close();
  });

  describe('the rules themselves', () => {
    test('are changed by who may change the thing', async () => {
      const of = async (path: string, shown: Shown) => {
        const headers = headersOf(shown);
        const body = { maxViewers: 5 };
        return (await at.api.call(`${path}/rules`, { method: 'PATCH', body, headers })).status;
      };
      const { headers } = await at.newViewer();
      const reader = await at.newToken('channels:read', 'library:read');
      const { token } = await at.issue('*');
      for (const path of [`/channels/${CHANNEL}`, `/assets/${at.film}`]) {
        expect(await of(path, {})).toBe(401);
        expect(await of(path, { headers })).toBe(403);
        expect(await of(path, { token: reader })).toBe(403);
        expect(await of(path, { token })).toBe(401);
        expect(await of(path, { headers: at.admin })).toBe(200);
      }
    });

    test('say everything but the password', async () => {
      await at.rule({ ...OPEN_RULES, password: null });
      for (const path of [`/channels/${CHANNEL}`, `/assets/${at.film}`]) {
        const bare = await at.api.call(`${path}/rules`, {
          method: 'PATCH',
          body: { visibility: 'password' },
          headers: at.admin,
        });
        expect(bare).toMatchObject({ status: 400, body: { error: { code: 'badRequest' } } });
        const password = 'a new one';
        const rules = { visibility: 'password', startsAt: '2030-01-01T01:00:00+01:00' };
        await at.change(`${path}/rules`, 'PATCH', { ...rules, password });
        const { body } = await at.api.call(`${path}/rules`, { headers: at.admin });
        expect(body).toEqual({
          ...OPEN_RULES,
          ...{ visibility: 'password', startsAt: '2030-01-01T00:00:00.000Z' },
          ...{ hasPassword: true, defaultSites: ['*'] },
        });
        const backwards = { method: 'PATCH', body: { endsAt: '2029-01-01T00:00:00Z' } };
        const answer = await at.api.call(`${path}/rules`, { ...backwards, headers: at.admin });
        expect(answer.status).toBe(400);
      }
    });

    test('of new things are a setting', async () => {
      const { body } = await at.api.call('/rules', { headers: at.admin });
      const builtIn = {
        channels: OPEN_RULES,
        assets: { ...OPEN_RULES, visibility: 'private' },
      };
      expect(body).toEqual(builtIn);
      const call = { method: 'PATCH', headers: at.admin };
      const noPassword = { channels: { visibility: 'password' } };
      expect((await at.api.call('/rules', { ...call, body: noPassword })).status).toBe(400);
      await at.change('/rules', 'PATCH', { channels: { visibility: 'signedIn', maxViewers: 7 } });
      await at.change('/channels', 'POST', { id: 'fresh', title: 'Fresh' });
      const fresh = await at.api.call('/channels/fresh/rules', { headers: at.admin });
      expect(fresh.body).toMatchObject({ visibility: 'signedIn', maxViewers: 7 });
      await at.change('/rules', 'PATCH', builtIn);
    });

    test('are all in the description of the API', () => {
      const expected = Object.values(RULES_OPERATIONS).map(({ method, path, status }) => {
        return `${method} ${path.replace(':id', '{id}')} ${status}`;
      });
      expect(expected.filter((one) => !seen.has(one))).toEqual([]);
    });

    test('tell when it begins', async () => {
      const startsAt = new Date(Date.now() + 60_000).toISOString();
      await at.rule({ ...OPEN_RULES, startsAt });
      const { headers, body } = await at.api.call(`/assets/${at.film}`);
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(30);
      expect(body).toMatchObject({ error: { code: 'forbidden', refusal: 'notYet' } });
    });
  });
});
