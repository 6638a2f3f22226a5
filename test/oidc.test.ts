import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { setUpAdministrator } from './support/administrator.ts';
import { startApp, type TestApp } from './support/app.ts';
import { CookieBrowser } from './support/cookie-browser.ts';
import { freePort } from './support/free-port.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  IdentityProvider,
  logInAt,
  type People,
} from './support/identity-provider.ts';
import { recordingLogger, recordSecret } from './support/run-record.ts';

const CALLBACK = '/api/v1/sign-in/oidc/callback';

const people: People = {
  'sub-1': { preferred_username: 'Grace', groups: ['staff'] },
  'sub-2': { preferred_username: 'ada', groups: ['staff'] },
  'sub-3': { preferred_username: 'Nobody', groups: ['visitors'] },
  'sub-4': { preferred_username: 'Barbara', groups: ['staff', 'operators'] },
};

const principalSchema = z.object({
  principal: z.looseObject({ name: z.string(), role: z.string() }).nullable(),
  signInWith: z.object({ name: z.string() }).nullable(),
});

/** With a provider that is not ours. */
describe('sign-in with OpenID Connect', () => {
  let server: TestApp;
  let provider: IdentityProvider;
  let administrator: string;
  let port: number;
  const logged: string[] = [];

  beforeAll(async () => {
    // It warns of what it is for: development.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    jest.spyOn(console, 'info').mockImplementation(() => undefined);
    port = await freePort();
    const log = recordingLogger((line) => logged.push(line), 'trace');
    server = await startApp(
      {
        OIDC_ISSUER: `http://127.0.0.1:${port}`,
        OIDC_CLIENT_ID: CLIENT_ID,
        OIDC_CLIENT_SECRET: CLIENT_SECRET,
        OIDC_NAME: 'The House',
        OIDC_ROLE_CLAIM: 'groups',
        OIDC_ROLES: '{"staff":"editor","crew":"broadcaster","operators":"administrator"}',
      },
      log,
    );
    administrator = await setUpAdministrator(server);
  });
  afterAll(async () => {
    await provider.close();
    await server.close();
  });

  const isBack = (to: URL) => to.origin === server.url && to.pathname === CALLBACK;
  const isHome = (to: URL) => to.origin === server.url && !to.pathname.startsWith('/api/');

  /** Where the browser is sent to sign in. */
  async function begin(browser: CookieBrowser, to = '/admin'): Promise<URL> {
    const address = `${server.url}/api/v1/sign-in/oidc?to=${encodeURIComponent(to)}`;
    return (await browser.open(address, { stop: () => true })).url;
  }

  /** As far as the address of ours that it comes back to. */
  async function logIn(
    browser: CookieBrowser,
    sub: string,
    change: (url: URL) => void = () => undefined,
  ): Promise<URL> {
    const first = await begin(browser);
    change(first);
    const { url } = await logInAt(browser, first, { sub, back: isBack });
    recordSecret('an authorization code', url.searchParams.get('code') ?? undefined);
    return url;
  }

  const finish = async (browser: CookieBrowser, url: URL) =>
    (await browser.open(url, { stop: isHome })).url;

  async function session(browser: CookieBrowser) {
    const headers = { cookie: browser.cookie(server.url) };
    const answer = await fetch(`${server.url}/api/v1/session`, { headers });
    return principalSchema.parse(await answer.json());
  }

  async function signIn(sub: string): Promise<CookieBrowser> {
    const browser = new CookieBrowser();
    expect(String(await finish(browser, await logIn(browser, sub)))).toBe(`${server.url}/admin`);
    recordSecret('a session', browser.cookie(server.url).split('=')[1]);
    return browser;
  }

  async function asAdministrator(path: string, method = 'GET', body?: object): Promise<unknown> {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        ...{ cookie: administrator, origin: server.url },
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.ok).toBe(true);
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  const accountsSchema = z.object({
    accounts: z.array(z.looseObject({ id: z.string(), name: z.string(), role: z.string() })),
  });
  const accounts = async () => accountsSchema.parse(await asAdministrator('/accounts')).accounts;
  const idOf = async (name: string) =>
    (await accounts()).find((account) => account.name === name)?.id ?? '';

  /** It is refused: with a sentence for the page, and without a login. */
  async function expectRefused(browser: CookieBrowser, url: URL, words: RegExp) {
    const { pathname, hash } = await finish(browser, url);
    expect(pathname).toBe('/admin');
    expect(hash.startsWith('#problem=')).toBe(true);
    expect(decodeURIComponent(hash)).toMatch(words);
    expect((await session(browser)).principal).toBeNull();
  }

  test('while the provider is down, the server runs and says so; afterwards it works', async () => {
    const browser = new CookieBrowser();
    expect((await session(browser)).signInWith).toEqual({ name: 'The House' });
    const problem = await begin(browser);
    expect(problem.origin + problem.pathname).toBe(`${server.url}/admin`);
    expect(decodeURIComponent(problem.hash)).toContain('The House does not answer');
    provider = await IdentityProvider.start({ port, redirectUri: server.url + CALLBACK, people });
    await signIn('sub-1');
  });

  test('asks with a code, PKCE by S256, a state and a nonce, each time others', async () => {
    const browser = new CookieBrowser();
    const [one, other] = [await begin(browser), await begin(browser)];
    expect(Object.fromEntries(one.searchParams)).toEqual({
      ...{ client_id: CLIENT_ID, response_type: 'code', scope: 'openid profile email' },
      ...{ redirect_uri: server.url + CALLBACK, code_challenge_method: 'S256' },
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    for (const name of ['code_challenge', 'state', 'nonce']) {
      expect(one.searchParams.get(name)).not.toBe(other.searchParams.get(name));
    }
  });

  test('its cookie is for this server’s pages only, for some minutes', async () => {
    const answer = await fetch(`${server.url}/api/v1/sign-in/oidc`, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('Set-Cookie')).toMatch(
      /^sfumato-sign-in=[\w-]{32}; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  test('makes an account with the role that the claim says, the highest of several', async () => {
    const grace = await signIn('sub-1');
    expect((await session(grace)).principal).toMatchObject({
      ...{ kind: 'account', name: 'grace', role: 'editor', external: true },
    });
    const barbara = await signIn('sub-4');
    expect((await session(barbara)).principal).toMatchObject({ role: 'administrator' });
    await signIn('sub-1');
    const names = (await accounts()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('grace'))).toEqual(['grace']);
  });

  test('takes no account over that has the same name', async () => {
    const before = await idOf('ada');
    const browser = await signIn('sub-2');
    expect((await session(browser)).principal).toMatchObject({ name: 'ada-2', role: 'editor' });
    expect(await idOf('ada')).toBe(before);
    const again = await signIn('sub-2');
    expect((await session(again)).principal).toMatchObject({ name: 'ada-2' });
    // Nor by the name and no password.
    const answer = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ada-2', password: 'any' }),
    });
    expect(answer.status).toBe(401);
  });

  test('a login gives the role that the claim says now, and nobody else comes in', async () => {
    people['sub-1'] = { preferred_username: 'Renamed', groups: ['crew'] };
    const browser = await signIn('sub-1');
    expect((await session(browser)).principal).toMatchObject({
      ...{ name: 'grace', role: 'broadcaster' },
    });
    people['sub-1'] = { preferred_username: 'Grace', groups: 'staff' };
    expect((await session(await signIn('sub-1'))).principal).toMatchObject({ role: 'editor' });
    const stranger = new CookieBrowser();
    await expectRefused(stranger, await logIn(stranger, 'sub-3'), /no account/);
    people['sub-1'] = { preferred_username: 'Grace' };
    const lost = new CookieBrowser();
    await expectRefused(lost, await logIn(lost, 'sub-1'), /no account/);
    people['sub-1'] = { preferred_username: 'Grace', groups: ['staff'] };
  });

  test('an account that is disabled here does not come in', async () => {
    const id = await idOf('grace');
    await asAdministrator(`/accounts/${id}`, 'PATCH', { disabled: true });
    const browser = new CookieBrowser();
    await expectRefused(browser, await logIn(browser, 'sub-1'), /disabled/);
    await asAdministrator(`/accounts/${id}`, 'PATCH', { disabled: false });
    await signIn('sub-1');
  });

  test('the last administrator stays one, whatever the provider says', async () => {
    people['sub-4'] = { groups: ['staff'] };
    const barbara = await idOf('barbara');
    await asAdministrator(`/accounts/${await idOf('ada')}`, 'PATCH', { role: 'viewer' });
    const browser = await signIn('sub-4');
    expect((await session(browser)).principal).toMatchObject({ role: 'administrator' });
    const headers = { cookie: browser.cookie(server.url), origin: server.url };
    const answer = await fetch(`${server.url}/api/v1/accounts/${await idOfAs(headers, 'ada')}`, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"role":"administrator"}',
    });
    expect(answer.status).toBe(200);
    await signIn('sub-4');
    const now = (await accounts()).find(({ id }) => id === barbara);
    expect(now).toMatchObject({ role: 'editor', external: true });
  });

  async function idOfAs(headers: Record<string, string>, name: string): Promise<string> {
    const answer = await fetch(`${server.url}/api/v1/accounts`, { headers });
    const { accounts: all } = accountsSchema.parse(await answer.json());
    return all.find((account) => account.name === name)?.id ?? '';
  }

  describe('refuses', () => {
    test('a state that is not the browser’s', async () => {
      const browser = new CookieBrowser();
      const url = await logIn(browser, 'sub-1');
      url.searchParams.set('state', 'x'.repeat(43));
      await expectRefused(browser, url, /did not sign you in/);
      await expectRefused(browser, await withoutState(), /did not sign you in/);

      async function withoutState() {
        const back = await logIn(browser, 'sub-1');
        back.searchParams.delete('state');
        return back;
      }
    });

    test('an answer in another browser than the one that asked', async () => {
      const [victim, attacker] = [new CookieBrowser(), new CookieBrowser()];
      const url = await logIn(attacker, 'sub-1');
      await expectRefused(victim, url, /not begun here/);
      await begin(victim);
      await expectRefused(victim, url, /did not sign you in/);
    });

    test('the same answer a second time, and its code with another answer’s state', async () => {
      const browser = new CookieBrowser();
      const url = await logIn(browser, 'sub-1');
      const cookie = browser.cookie(server.url);
      await finish(browser, url);
      expect((await session(browser)).principal).not.toBeNull();
      const replay = await fetch(url, { headers: { cookie }, redirect: 'manual' });
      expect(replay.headers.get('Location')).toMatch(/^\/admin#problem=.*not%20begun/);
      expect(replay.headers.get('Set-Cookie')).not.toMatch(/^sfumato=/);
      const other = new CookieBrowser();
      const state = (await begin(other)).searchParams.get('state') ?? '';
      url.searchParams.set('state', state);
      await expectRefused(other, url, /invalid_grant/);
    });

    test('an ID Token with another nonce', async () => {
      const browser = new CookieBrowser();
      const url = await logIn(browser, 'sub-1', ({ searchParams }) =>
        searchParams.set('nonce', 'another-nonce'),
      );
      await expectRefused(browser, url, /did not sign you in/);
    });

    test('a code that was asked for with another PKCE challenge', async () => {
      const browser = new CookieBrowser();
      const url = await logIn(browser, 'sub-1', ({ searchParams }) =>
        searchParams.set('code_challenge', 'A'.repeat(43)),
      );
      await expectRefused(browser, url, /invalid_grant/);
    });

    test('an ID Token by a key that is not the provider’s', async () => {
      await provider.lieAboutKeys();
      const browser = new CookieBrowser();
      await expectRefused(browser, await logIn(browser, 'sub-1'), /did not sign you in/);
      await provider.rotateKeys();
      await signIn('sub-1');
    });

    test('what the person refused at the provider', async () => {
      const browser = new CookieBrowser();
      const state = (await begin(browser)).searchParams.get('state') ?? '';
      const url = new URL(server.url + CALLBACK);
      url.search = String(
        new URLSearchParams({ error: 'access_denied', state, iss: provider.issuer }),
      );
      await expectRefused(browser, url, /access_denied/);
    });

    test.each([
      ...['//evil.example/', '/.//evil.example/', '/a/..//evil.example/'],
      ...['https://evil.example/', '/\\evil.example', 'javascript:1', ''],
    ])('to go on to %j', async (to) => {
      const browser = new CookieBrowser();
      const first = await begin(browser, to);
      const { url } = await logInAt(browser, first, { sub: 'sub-1', back: isBack });
      expect(String(await finish(browser, url))).toBe(`${server.url}/admin`);
    });
  });

  test('goes on where one came from', async () => {
    const browser = new CookieBrowser();
    const first = await begin(browser, '/watch/one?party=x');
    const { url } = await logInAt(browser, first, { sub: 'sub-1', back: isBack });
    expect(String(await finish(browser, url))).toBe(`${server.url}/watch/one?party=x`);
  });

  test('the provider changes its keys while it is in use', async () => {
    await signIn('sub-1');
    await provider.rotateKeys();
    await signIn('sub-1');
    await provider.rotateKeys();
    await signIn('sub-2');
  });

  test('it is written down, without secrets', async () => {
    const page = z
      .object({ entries: z.array(z.looseObject({ action: z.string() })) })
      .parse(await asAdministrator('/audit?limit=200'));
    const by = (action: string) => page.entries.filter((entry) => entry.action === action);
    const details = { by: 'oidc', role: 'editor' };
    const address = '127.0.0.1';
    expect(by('account.created')).toContainEqual(
      expect.objectContaining({ actor: 'grace', target: 'grace', address, details }),
    );
    expect(by('session.opened')).toContainEqual(
      expect.objectContaining({ actor: 'ada-2', address, details: { by: 'oidc' } }),
    );
    expect(by('session.failed').length).toBeGreaterThanOrEqual(9);
    expect(by('account.changed')).toContainEqual(
      expect.objectContaining({
        details: { by: 'oidc', role: 'broadcaster', formerRole: 'editor', disabled: false },
      }),
    );
    for (const secret of [CLIENT_SECRET]) {
      expect(JSON.stringify(page)).not.toContain(secret);
      expect(logged.join('\n')).not.toContain(secret);
    }
  });

  test('who comes with nothing over and over fills no log', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const come = () => fetch(server.url + CALLBACK, { headers, redirect: 'manual' });
    for (let count = 0; count < 200; count += 1) await come();
    const problem = (await come()).headers.get('Location') ?? '';
    expect(decodeURIComponent(problem)).toContain('Too many');
  });
});

describe('without OpenID Connect', () => {
  test('there is nothing to sign in at', async () => {
    const server = await startApp();
    for (const path of ['/api/v1/sign-in/oidc', CALLBACK]) {
      const answer = await fetch(server.url + path, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([404, null]);
    }
    await server.close();
  });
});

describe('settings that do not go together', () => {
  const oidc = { OIDC_ISSUER: 'https://login.example', OIDC_CLIENT_ID: 'x' };
  test.each([
    ['no client', { OIDC_ISSUER: 'https://login.example' }, 'OIDC_CLIENT_ID'],
    ['nobody who could come in', oidc, 'OIDC_DEFAULT_ROLE'],
    ['plain HTTP to elsewhere', { ...oidc, OIDC_ISSUER: 'http://login.example' }, 'OIDC_ISSUER'],
    ['a role that there is not', { ...oidc, OIDC_ROLES: '{"a":"owner"}' }, 'OIDC_ROLES'],
  ])('%s: the server does not start', async (_what, settings, name) => {
    await expect(startApp(settings)).rejects.toThrow(name);
  });
});
