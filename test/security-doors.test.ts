import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../signaling/contract/index.ts';
import { setUpAdministrator } from './support/administrator.ts';
import { startApp, type TestApp } from './support/app.ts';

const FRIEND = 'https://friend.example';
const FRAMER = 'https://framer.example';
const EVIL = 'https://evil.example';

/** Pages by their address. */
const PAGES = [
  '/',
  '/admin',
  '/library',
  '/watch/nothing',
  '/embed/nothing',
  '/broadcast/nothing',
] as const;
const EMBED = '/embed/nothing';
const BROADCAST = '/broadcast/nothing';

/** What is no page, by its address: programs, data, errors. */
const OTHERS = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/api/openapi.json',
  '/api/v1/channels',
  '/api/v1/session',
  '/api/v1/nothing',
  '/api/v1/assets/AAAAAAAAAAAAAAAA/files/original',
  '/oembed?url=x',
  '/nothing',
  '/whip/nothing',
  '/whep/nothing',
  '/embed.js',
];

/** Made for pages of other sites. */
const FOR_OTHERS = ['/whip/nothing', '/whep/nothing', '/embed.js', '/oembed?url=x'];

let server: TestApp;
let cookie: string;

beforeAll(async () => {
  server = await startApp({ ALLOWED_ORIGINS: FRIEND, EMBED_SITES: FRAMER });
  cookie = await setUpAdministrator(server);
});
afterAll(async () => {
  await server.close();
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { redirect: 'manual', ...init });

/** Of a Content-Security-Policy: its directives with their values. */
function policyOf(headers: Headers): Record<string, string[]> {
  const policy = headers.get('content-security-policy') ?? '';
  const directives = policy.split(';').map((directive) => directive.trim().split(/\s+/));
  return Object.fromEntries(directives.map(([name = '', ...values]) => [name, values]));
}

describe('headers of every door', () => {
  test.each([...PAGES, ...OTHERS])('3.4: %s', async (path) => {
    const { headers } = await ask(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect([
      'no-referrer',
      'same-origin',
      'strict-origin',
      'strict-origin-when-cross-origin',
    ]).toContain(headers.get('referrer-policy'));
    const resource = FOR_OTHERS.includes(path) ? 'cross-origin' : 'same-origin';
    expect(headers.get('cross-origin-resource-policy')).toBe(resource);
    const capture = path === BROADCAST ? '(self)' : '()';
    for (const feature of ['camera', 'microphone', 'display-capture']) {
      expect(headers.get('permissions-policy')).toContain(`${feature}=${capture}`);
    }
  });

  test.each([...PAGES, ...OTHERS])('3.4.3: scripts of nobody but this server: %s', async (path) => {
    const policy = policyOf((await ask(path)).headers);
    expect(policy['default-src']).toEqual(["'self'"]);
    expect(policy['script-src']).toEqual(["'self'"]);
    expect(policy['object-src']).toEqual(["'none'"]);
    expect(policy['base-uri']).toEqual(["'none'"]);
    expect(policy['form-action']).toEqual(["'self'"]);
    const elsewhere = Object.entries(policy)
      .filter(([name]) => name !== 'frame-ancestors')
      .flatMap(([, values]) => values)
      .filter((value) => /^\*|^https?:|unsafe-eval/.test(value));
    expect(elsewhere).toEqual([]);
  });

  test.each([...PAGES, ...OTHERS])('3.4.6: who may frame it: %s', async (path) => {
    const { headers } = await ask(path);
    if (path === EMBED) {
      expect(policyOf(headers)['frame-ancestors']).toEqual(["'self'", FRAMER]);
      expect(headers.get('x-frame-options')).toBeNull();
      return;
    }
    expect(policyOf(headers)['frame-ancestors']).toEqual(["'none'"]);
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  test.each(PAGES)('no script is written into the page: %s', async (path) => {
    const page = await (await ask(path)).text();
    const scripts = [...page.matchAll(/<script\b([^>]*)>/gi)].map(
      ([, attributes = '']) => attributes,
    );
    // Those that the browser does not run are data.
    const run = scripts.filter((attributes) => !attributes.includes('application/ld+json'));
    expect(run.length).toBeGreaterThan(0);
    for (const attributes of run) expect(attributes).toMatch(/\bsrc="\/assets\/[\w.-]+"/);
    expect(page).not.toMatch(/\son\w+\s*=|javascript:/i);
  });
});

describe('3.4.2: what scripts of other sites may read', () => {
  test.each<[string, string, string, string | null]>([
    ['GET', '/api/v1/channels', FRIEND, FRIEND],
    ['GET', '/api/v1/channels', EVIL, null],
    ['OPTIONS', '/api/v1/channels', EVIL, null],
    ['GET', '/api/v1/assets', FRIEND, FRIEND],
    ['GET', '/api/v1/assets', EVIL, null],
    ['GET', '/api/v1/session', FRIEND, null],
    ['GET', '/api/v1/tokens', FRIEND, null],
    ['OPTIONS', '/api/v1/tokens', FRIEND, null],
    ['POST', '/api/v1/channels', FRIEND, null],
    ['GET', '/metrics', FRIEND, null],
    ['GET', '/watch/nothing', FRIEND, null],
    ['GET', '/admin', FRIEND, null],
    ['OPTIONS', '/whip/nothing', EVIL, '*'],
    ['OPTIONS', '/whep/nothing', EVIL, '*'],
    ['GET', '/embed.js', EVIL, '*'],
    ['OPTIONS', '/api/v1/uploads', EVIL, '*'],
  ])('%s %s, asked by a page of %s: %s', async (method, path, origin, expected) => {
    const { headers } = await ask(path, { method, headers: { origin, cookie } });
    expect(headers.get('access-control-allow-origin')).toBe(expected);
    // Cookies of whoever looks at such a page open nothing there.
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('3.5: a page of another site, with the cookie of whoever looks at it', () => {
  const CHANGES = [
    ['POST', '/api/v1/channels', { id: 'forged', title: 'Forged' }],
    ['POST', '/api/v1/tokens', { name: 'forged', scopes: ['admin'] }],
    ['DELETE', '/api/v1/session', undefined],
  ] as const;
  const CROSS: Record<string, string>[] = [
    { origin: EVIL },
    { origin: FRIEND },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];

  test.each(CHANGES)('%s %s is refused', async (method, path, body) => {
    for (const from of CROSS) {
      const headers = { 'content-type': 'application/json', cookie, ...from };
      const response = await ask(path, { method, headers, body: JSON.stringify(body) ?? null });
      expect(response.status).toBe(403);
    }
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'what a form can send without a preflight is no request: %s',
    async (type) => {
      const body = '{"id":"forged","title":"Forged"}';
      const headers = { 'content-type': type, cookie, origin: server.url };
      const response = await ask('/api/v1/channels', { method: 'POST', headers, body });
      expect([400, 415]).toContain(response.status);
      expect((await ask('/api/v1/channels/forged')).status).toBe(404);
    },
  );

  test.each([
    [EVIL, false],
    ['null', false],
    [FRAMER, false],
    [FRIEND, true],
    ['this server', true],
  ])('4.4.2: the socket, opened by a page of %s: %s', async (from, welcome) => {
    const origin = from === 'this server' ? server.url : from;
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/signal`, SUBPROTOCOL, {
      headers: { cookie, origin },
    });
    const outcome = await new Promise<string>((resolve) => {
      socket.once('open', () => resolve('open'));
      socket.once('error', ({ message }) => resolve(message));
    });
    expect(outcome).toContain(welcome ? 'open' : '403');
    socket.terminate();
  });
});
