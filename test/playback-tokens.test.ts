import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { playbackGrantSchema } from '../signaling/contract/index.ts';
import { PLAYBACK_OPERATIONS } from '../server/http/playback-operations.ts';
import { AccessService } from './support/access-service.ts';
import { type Answer, ApiClient, type Call } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { hearEvents } from './support/door-requests.ts';
import { type LibraryBehind, openLibrary } from './support/library.ts';
import { corpusOffer } from './support/offers.ts';
import { recordingLogger, recordSecret } from './support/run-record.ts';
import { TokenIssuer } from './support/token-issuer.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
const PASSWORD = 'a password of a film';
const NOBODYS = 'A'.repeat(16);

const errorSchema = z.object({ error: z.looseObject({ refusal: z.string().optional() }) });
const listSchema = z.looseObject({ tokens: z.array(z.looseObject({ id: z.string() })) });
const createdSchema = z.looseObject({ token: z.string(), streamKey: z.string().optional() });

describe('playback tokens at the doors', () => {
  const seen = new Set<string>();
  const logged: string[] = [];
  let issuer: TokenIssuer;
  let service: AccessService;
  let server: TestApp;
  let library: LibraryBehind;
  let api: ApiClient;
  let film = '';
  let streamKey = '';

  beforeAll(async () => {
    [issuer, service] = await Promise.all([TokenIssuer.start(), AccessService.start()]);
    const trusted = { issuer: issuer.issuer, jwksUrl: issuer.jwksUrl, algorithms: ['ES256'] };
    recordSecret('the secret of the webhook', service.secret);
    const settings = {
      ADMIN_TOKEN,
      PLAYBACK_ISSUERS: JSON.stringify([trusted]),
      ACCESS_WEBHOOK_URL: service.url,
      ACCESS_WEBHOOK_SECRET: service.secret,
    };
    server = await startApp(
      settings,
      recordingLogger((line) => logged.push(line), 'trace'),
    );
    library = await openLibrary(server);
    api = await ApiClient.create(server.url, seen);
    film = await library.add({ title: 'Film' });
    const channel = await admin('/channels', {
      method: 'POST',
      body: { id: 'studio', title: 'S' },
    });
    streamKey = z.looseObject({ streamKey: z.string() }).parse(channel.body).streamKey;
    for (const path of ['/channels/studio', `/assets/${film}`]) {
      const body = { visibility: 'password', password: PASSWORD };
      expect((await admin(`${path}/rules`, { method: 'PATCH', body })).status).toBe(200);
    }
  });
  afterEach(() => service.says({ allow: true, cacheSeconds: 0 }));
  afterAll(async () => {
    await library.close();
    await server.close();
    await Promise.all([issuer.close(), service.close()]);
  });

  const admin = (path: string, call: Call = {}) =>
    api.call(path, { ...call, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const post = (path: string, body: object, headers = {}) =>
    api.call(path, { method: 'POST', body, headers });

  async function issue(more: object = {}) {
    const answer = await admin('/playback-tokens', { method: 'POST', body: { id: film, ...more } });
    expect(answer.status).toBe(201);
    return playbackGrantSchema.parse(answer.body);
  }

  /** What somebody with this token is told of the film. */
  async function ask(token?: string): Promise<[number, string | undefined]> {
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    const answer = await api.call(`/assets/${film}`, headers && { headers });
    return [answer.status, refusalOf(answer)];
  }

  /** Begins to watch it, where that is allowed, and ends again. */
  async function watch(token?: string): Promise<[number, string | undefined]> {
    const ended = new AbortController();
    const answer = await fetch(`${server.url}/api/v1/assets/events?id=${film}`, {
      signal: ended.signal,
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
    const body: unknown = answer.ok ? undefined : await answer.json();
    ended.abort();
    return [answer.status, errorSchema.safeParse(body).data?.error.refusal];
  }

  const refusalOf = ({ body }: Answer) => errorSchema.safeParse(body).data?.error.refusal;

  test('are made, listed and taken back by those with the right', async () => {
    expect(await ask()).toEqual([401, 'password']);
    const { token, id, expiresAt } = await issue({ subject: 'eve', expiresInSeconds: 60 });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await ask(token)).toEqual([200, undefined]);
    const list = await admin(`/playback-tokens?id=${film}`);
    expect(list.body).toEqual({
      cursor: null,
      tokens: [
        {
          ...{ id, thingId: film, subject: 'eve', sites: null, createdBy: 'ADMIN_TOKEN' },
          ...{ createdAt: expect.any(String), expiresAt },
        },
      ],
    });
    expect(listSchema.parse((await admin('/playback-tokens?id=studio')).body).tokens).toEqual([]);
    const gone = await admin(`/playback-tokens/${id}`, { method: 'DELETE' });
    expect(gone.status).toBe(204);
    expect(await ask(token)).toEqual([401, 'revoked']);
  });

  test('of one thing open no other', async () => {
    expect(await ask((await issue({ id: 'studio' })).token)).toEqual([401, 'wrongToken']);
    expect(await ask((await issue({ id: '*' })).token)).toEqual([200, undefined]);
  });

  test.each([
    ['no name of a thing', { id: '../x' }],
    ['longer than a day', { expiresInSeconds: 86_401 }],
    ['no site', { sites: ['example.org'] }],
    ['what nobody knows', { scope: 'admin' }],
  ])('are not made for %s', async (_what, body) => {
    const call = { method: 'POST', body: { id: film, ...body } };
    expect((await admin('/playback-tokens', call)).status).toBe(400);
  });

  test('of what is private are made by who may change it, and by nobody for what is not there', async () => {
    const secret = await library.add({ title: 'Secret', visibility: 'private' });
    const body = { name: 'issues', scopes: ['playback:issue'] };
    const { token } = createdSchema.parse((await admin('/tokens', { method: 'POST', body })).body);
    const headers = { authorization: `Bearer ${token}` };
    const asked = (id: string) => post('/playback-tokens', { id }, headers);
    expect((await asked(film)).status).toBe(201);
    const [ofSecret, ofNothing] = [await asked(secret), await asked(NOBODYS)];
    expect([ofSecret.status, ofNothing.status]).toEqual([404, 404]);
    expect(ofSecret.body).toEqual(ofNothing.body);
    expect((await issue({ id: secret })).id).toContain('.');
  });

  test('are nobody else’s business', async () => {
    const body = { name: 'reads', scopes: ['library:write', 'channels:write'] };
    const { token } = createdSchema.parse((await admin('/tokens', { method: 'POST', body })).body);
    const other = { authorization: `Bearer ${token}` };
    const mine = { authorization: `Bearer ${(await issue({ id: '*' })).token}` };
    for (const [path, call] of [
      ['/playback-tokens', {}],
      ['/playback-tokens', { method: 'POST', body: { id: film } }],
      ['/playback-tokens/x', { method: 'DELETE' }],
      ['/playback-keys', { method: 'POST', body: {} }],
    ] as const) {
      expect((await api.call(path, call)).status).toBe(401);
      expect((await api.call(path, { ...call, headers: other })).status).toBe(403);
      // One who may watch everything may do nothing else.
      expect((await api.call(path, { ...call, headers: mine })).status).toBe(401);
    }
  });

  test('can be looked at by others with nothing but our keys', async () => {
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
    const { token } = await issue();
    const expected = { issuer: 'sfumato', audience: 'sfumato', algorithms: ['EdDSA'] };
    const { payload } = await jwtVerify(token, keys, expected);
    expect(payload).toMatchObject({ id: film, scope: 'watch' });
    const answer = await fetch(`${server.url}/.well-known/jwks.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/jwk-set\+json/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.text()).not.toContain('"d"');
  });

  test('are signed by another key when somebody says so', async () => {
    const { token } = await issue();
    const rotate = (body: object) => admin('/playback-keys', { method: 'POST', body });
    expect((await rotate({})).status).toBe(204);
    expect(await ask(token)).toEqual([200, undefined]);
    expect((await rotate({ endEarlier: true })).status).toBe(204);
    expect(await ask(token)).toEqual([401, 'wrongToken']);
    expect(await ask((await issue()).token)).toEqual([200, undefined]);
  });

  test('of another issuer are believed, and can be taken back', async () => {
    const token = await issuer.sign({ id: film, jti: 'theirs/1' });
    expect(await ask(token)).toEqual([200, undefined]);
    expect(await ask(await issuer.sign({ id: film, aud: 'shop' }))).toEqual([401, 'wrongToken']);
    const path = `/playback-tokens/${encodeURIComponent('theirs/1')}`;
    expect((await admin(path, { method: 'DELETE' })).status).toBe(204);
    expect(await ask(token)).toEqual([401, 'revoked']);
  });

  describe('for a password', () => {
    test.each([
      ['a Channel', () => '/channels/studio'],
      ['an Asset', () => `/assets/${film}`],
    ])('of %s', async (_what, path) => {
      const right = await post(`${path()}/unlock`, { password: PASSWORD });
      expect(right.status).toBe(200);
      const { token } = playbackGrantSchema.parse(right.body);
      const headers = { authorization: `Bearer ${token}` };
      expect((await api.call(path(), { headers })).status).toBe(200);
    });

    test('wrong, of nothing, of what has none: the same answer', async () => {
      const open = await library.add({ title: 'Open' });
      const answers = [];
      for (const path of [
        `/assets/${film}`,
        `/assets/${open}`,
        `/assets/${NOBODYS}`,
        '/channels/x',
      ]) {
        answers.push(await post(`${path}/unlock`, { password: 'wrong' }));
      }
      for (const { status, body } of answers) {
        expect([status, body]).toEqual([401, answers[0]?.body]);
      }
      expect(answers.map(refusalOf)).toEqual(Array(4).fill('wrongPassword'));
    });

    test('may be said on pages of any site, and no login counts there', async () => {
      const headers = { origin: 'https://other.example', 'sec-fetch-site': 'cross-site' };
      const answer = await post(`/assets/${film}/unlock`, { password: PASSWORD }, headers);
      expect(answer.status).toBe(200);
    });

    test('ends with the password', async () => {
      const { body } = await post(`/assets/${film}/unlock`, { password: PASSWORD });
      const { token } = playbackGrantSchema.parse(body);
      expect(await ask(token)).toEqual([200, undefined]);
      const change = (password: string) =>
        admin(`/assets/${film}/rules`, { method: 'PATCH', body: { password } });
      await change(`${PASSWORD} 2`);
      expect(await ask(token)).toEqual([401, 'revoked']);
      await change(PASSWORD);
      expect(await ask(token)).toEqual([401, 'revoked']);
    });
  });

  test('that are taken back end what runs, within two seconds, and it is said why', async () => {
    const { token, id } = await issue();
    const url = `${server.url}/api/v1/assets/events?id=${film}&token=${token}`;
    const events = await hearEvents(url, {});
    expect(events.status).toBe(200);
    const start = performance.now();
    await admin(`/playback-tokens/${id}`, { method: 'DELETE' });
    expect(await events.until('refused')).toContain('"refusal":"revoked"');
    expect(performance.now() - start).toBeLessThan(2_000);
    events.close();
  });

  describe('and the operator’s own service', () => {
    test('is asked who watches what, and may say no', async () => {
      const { token } = await issue({ subject: 'eve' });
      service.asked.length = 0;
      service.says({ allow: false, reason: 'Not on Mondays.', cacheSeconds: 0 });
      expect(await watch(token)).toEqual([403, 'refused']);
      expect(service.asked[0]).toMatchObject({ action: 'watch', kind: 'asset', subject: 'eve' });
      expect(service.asked[0]?.address).toMatch(/127\.0\.0\.1$/);
      expect(service.signed).not.toContain(false);
      service.says({ allow: true, cacheSeconds: 0 });
      expect((await watch(token))[0]).toBe(200);
      // Whom the rules refuse, it is not asked about.
      service.asked.length = 0;
      expect(await watch()).toEqual([401, 'password']);
      expect(service.asked.filter(({ subject }) => subject === null)).toEqual([]);
    });

    test('that does not answer is nobody’s leave', async () => {
      service.says({}, 500);
      const { token } = await issue({ subject: 'adam' });
      expect((await watch(token))[0]).toBe(503);
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toMatch(/sfumato_access_webhook_total\{outcome="failed"\} [1-9]/);
      expect(metrics).toMatch(/sfumato_refused_playback_tokens_total\{fault="audience"\} [1-9]/);
      expect(metrics).toMatch(/sfumato_wrong_passwords_total [1-9]/);
    });

    test('decides who publishes', async () => {
      const publish = (key: string) =>
        fetch(`${server.url}/whip/studio`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/sdp', authorization: `Bearer ${key}` },
          body: corpusOffer('chromium-whip'),
        });
      service.asked.length = 0;
      expect((await publish('sk_wrong')).status).toBe(401);
      expect(service.asked).toEqual([]);
      service.says({ allow: false, reason: 'No studio today.', cacheSeconds: 0 });
      const refused = await publish(streamKey);
      expect([refused.status, await refused.text()]).toEqual([
        403,
        expect.stringContaining('No studio today.'),
      ]);
      expect(service.asked).toMatchObject([{ action: 'publish', id: 'studio', account: null }]);
      service.says({ allow: true, cacheSeconds: 0 });
      expect((await publish(streamKey)).status).toBe(201);
    });
  });

  test('every answer of every operation was seen and is as described', () => {
    const expected = Object.values(PLAYBACK_OPERATIONS).map(({ method, path, status }) => {
      return `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${status}`;
    });
    expect([...seen].filter((one) => expected.includes(one)).toSorted()).toEqual(
      expected.toSorted(),
    );
  });

  test('no token and no password is in the log', () => {
    const everything = logged.join('\n');
    expect(everything).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    expect(everything).not.toContain('token=');
    for (const secret of [PASSWORD, service.secret, streamKey]) {
      expect(everything).not.toContain(secret);
    }
  });
});
