import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { IceServers } from '../server/access/ice-servers.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';
import { corpusOffer } from './support/offers.ts';

const OFFER = corpusOffer('chromium-whip');
const BEARER = { Authorization: `Bearer ${STREAM_KEY}` };
const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = 'application/trickle-ice-sdpfrag';

const fragment = (ufrag: string) =>
  `a=ice-ufrag:${ufrag}\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n` +
  'a=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\na=end-of-candidates\r\n';

describe('RFC 9725 (WHIP)', () => {
  let server: LiveServer;
  const sessions: string[] = [];

  beforeAll(async () => {
    server = await startLiveServer({
      iceServers: () => [
        { urls: 'stun:stun.example.org' },
        { urls: 'turn:turn.example.org?transport=udp', username: 'u', credential: 'c' },
      ],
    });
  });

  afterEach(async () => {
    for (const session of sessions.splice(0)) await fetch(session, { method: 'DELETE' });
  });

  afterAll(() => server.close());

  const post = async (body: string, headers: Record<string, string> = {}, channel = 'live') => {
    const url = `${server.url}/whip/${channel}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...SDP, ...BEARER, ...headers },
      body,
    });
    const location = response.headers.get('location');
    if (location !== null) sessions.push(new URL(location, url).href);
    return response;
  };

  const open = async () => {
    const response = await post(OFFER);
    const url = sessions.at(-1) ?? '';
    return { url, etag: response.headers.get('etag') ?? '', answer: await response.text() };
  };

  const patch = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'PATCH', headers: { 'Content-Type': FRAGMENT, ...headers }, body });

  const ufragOf = (sdp: string) => /a=ice-ufrag:(.+)/.exec(sdp)?.[1]?.trim() ?? '';

  test('4.2: MUST accept an offer: 201, application/sdp, Location of the session, strong ETag', async () => {
    const response = await post(OFFER);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toMatch(/^application\/sdp/);
    expect(response.headers.get('location')).toMatch(/^live\/[0-9a-f-]{36}$/);
    expect(response.headers.get('etag')).toMatch(/^"[^"]+"$/);
    expect(await response.text()).toMatch(/^v=0\r\n/);
  });

  test('4.2: the answer MUST be recvonly, keep the sections and bundle them', async () => {
    const { answer } = await open();
    expect(answer.match(/^a=(sendrecv|sendonly|recvonly|inactive)/gm)).toEqual([
      'a=recvonly',
      'a=recvonly',
    ]);
    expect(answer).toContain('a=group:BUNDLE 0 1');
    expect(answer.match(/^m=\w+ \d+/gm)).toEqual(['m=audio 9', 'm=video 9']);
  });

  test('4.4.1: MUST multiplex RTCP: rtcp-mux and rtcp-mux-only in every section', async () => {
    const { answer } = await open();
    expect(answer.match(/^a=rtcp-mux$/gm)).toHaveLength(2);
    expect(answer.match(/^a=rtcp-mux-only$/gm)).toHaveLength(2);
  });

  test('4.4: ICE-lite is said, with candidates', async () => {
    const { answer } = await open();
    expect(answer).toContain('a=ice-lite');
    expect(answer).toMatch(/a=candidate:.* 127\.0\.0\.1 /);
  });

  test.each([
    ['actpass', 'passive'],
    ['active', 'passive'],
    ['passive', 'active'],
  ])('4.4.3: DTLS role: to %s we answer %s', async (offered, answered) => {
    const response = await post(OFFER.replaceAll('a=setup:actpass', `a=setup:${offered}`));
    expect((await response.text()).match(/a=setup:(\w+)/)?.[1]).toBe(answered);
  });

  test('RFC 8853: simulcast is mirrored', async () => {
    const response = await post(corpusOffer('chromium-whip-simulcast'));
    const answer = await response.text();
    expect(answer).toContain('a=simulcast:recv h;m;l');
    expect(answer.match(/^a=rid:\w recv/gm)).toHaveLength(3);
  });

  test.each<[string, number, string, Record<string, string>]>([
    ['another content type', 415, OFFER, { 'Content-Type': 'application/json' }],
    ['no content type worth the name', 415, OFFER, { 'Content-Type': 'text/plain' }],
    ['nonsense', 400, 'hello', {}],
    ['nothing', 400, '', {}],
    ['no fingerprint', 400, OFFER.replaceAll(/a=fingerprint.*\r\n/g, ''), {}],
    ['no ICE credentials', 400, OFFER.replaceAll(/a=ice-.*\r\n/g, ''), {}],
    ['recvonly', 422, OFFER.replaceAll('a=sendonly', 'a=recvonly'), {}],
    ['inactive', 422, OFFER.replaceAll('a=sendonly', 'a=inactive'), {}],
    ['no bundle', 422, OFFER.replace(/a=group.*\r\n/, ''), {}],
    ['no codec of ours', 422, OFFER.replaceAll('opus/48000', 'speex/48000'), {}],
    [
      'two tracks of a kind',
      422,
      OFFER.replace('m=audio', 'm=video').replaceAll('opus/48000/2', 'VP8/90000'),
      {},
    ],
    [
      'two MediaStreams',
      422,
      OFFER.replace(/a=msid:[\w-]+ /, 'a=msid:11111111-2222-4333-8444-555555555555 '),
      {},
    ],
    ['a data channel', 422, OFFER.replace(/m=audio .*/, 'm=application 9 UDP/DTLS/SCTP x'), {}],
  ])('4.2: %s: %i as problem details (RFC 9457)', async (_name, status, body, headers) => {
    const response = await post(body, headers);
    const problem = await response.json();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem).toMatchObject({ status, error: { message: expect.any(String) } });
    expect(response.headers.get('location')).toBeNull();
  });

  test('4.2: sendrecv is taken as sendonly', async () => {
    expect((await post(OFFER.replaceAll('a=sendonly', 'a=sendrecv'))).status).toBe(201);
  });

  test('4.7: without a key 401 and WWW-Authenticate: Bearer', async () => {
    const url = `${server.url}/whip/live`;
    const response = await fetch(url, { method: 'POST', headers: SDP, body: OFFER });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
  });

  test('4.7: a wrong key 401, the key of another Channel 403, even with a bad body', async () => {
    expect((await post(OFFER, { Authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post('v=0', { Authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(OFFER, { Authorization: `Bearer ${STREAM_KEY}-other` })).status).toBe(403);
    expect((await post(OFFER, {}, 'No_Such')).status).toBe(404);
  });

  test('4.7: authentication MUST NOT be asked of a preflight', async () => {
    const response = await fetch(`${server.url}/whip/live`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('link')).toBeNull();
  });

  test('4.6: CORS, and OPTIONS SHOULD carry Accept-Post', async () => {
    const response = await fetch(`${server.url}/whip/live`, { method: 'OPTIONS' });
    const header = (name: string) => response.headers.get(name) ?? '';
    expect(header('accept-post')).toBe('application/sdp');
    expect(header('access-control-allow-origin')).toBe('*');
    for (const method of ['POST', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'HEAD']) {
      expect(header('access-control-allow-methods')).toContain(method);
    }
    for (const name of ['Authorization', 'Content-Type', 'If-Match']) {
      expect(header('access-control-allow-headers')).toContain(name);
    }
    for (const name of ['Location', 'Link', 'ETag', 'Accept-Post', 'Retry-After']) {
      expect(header('access-control-expose-headers')).toContain(name);
    }
  });

  test('4.6: errors carry CORS headers too', async () => {
    expect((await post('hello')).headers.get('access-control-allow-origin')).toBe('*');
  });

  test('4.8: Link with rel="ice-server", one for each', async () => {
    const link = (await post(OFFER)).headers.get('link') ?? '';
    expect(link).toContain('<stun:stun.example.org>; rel="ice-server"');
    expect(link).toContain('<turn:turn.example.org?transport=udp>; rel="ice-server"; username="u"');
    expect(link).toContain('credential="c"; credential-type="password"');
  });

  test('4.8: with relays of our own, each publisher is told a name and a password of its own', async () => {
    const turn = { urls: ['turn:relay.example.org'], secret: 'a secret that the relay knows' };
    const relays = new IceServers({ fixed: [], turn });
    const other = await startLiveServer({ iceServers: () => relays.forOne() });
    const linkOf = async () => {
      const body = corpusOffer('chromium-whip');
      const headers = { ...SDP, ...BEARER };
      const response = await fetch(`${other.url}/whip/live`, { method: 'POST', headers, body });
      const pattern =
        /<turn:relay\.example\.org>; rel="ice-server"; username="(\d+:[\w-]+)"; credential="([\w+/=]+)"/;
      return pattern.exec(response.headers.get('link') ?? '')?.slice(1) ?? [];
    };
    const [one, another] = [await linkOf(), await linkOf()];
    await other.close();
    expect(one).toHaveLength(2);
    expect(another).toHaveLength(2);
    expect(another).not.toEqual(one);
  });

  test('4.2: GET and HEAD of endpoint and session: 2xx without content', async () => {
    const { url } = await open();
    for (const [where, method] of [
      [`${server.url}/whip/live`, 'GET'],
      [`${server.url}/whip/live`, 'HEAD'],
      [url, 'GET'],
      [url, 'HEAD'],
    ] as const) {
      const response = await fetch(where, { method });
      expect([response.status, await response.text()]).toEqual([204, '']);
    }
  });

  test('4.3: OPTIONS of a session: Accept-Patch', async () => {
    const { url } = await open();
    const response = await fetch(url, { method: 'OPTIONS' });
    expect(response.headers.get('accept-patch')).toBe(FRAGMENT);
  });

  test('4.3.1: candidates: 204 without content and without ETag', async () => {
    const { url, etag } = await open();
    const response = await patch(url, fragment(ufragOf(OFFER)), { 'If-Match': etag });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(response.headers.get('etag')).toBeNull();
  });

  test('4.3.1: candidates that lead nowhere are dropped silently', async () => {
    const { url, etag } = await open();
    const body = fragment(ufragOf(OFFER)).replace('192.0.2.1', 'a1b2.local');
    expect((await patch(url, body, { 'If-Match': etag })).status).toBe(204);
  });

  test('4.3: without If-Match 428, with another ETag 412, another type 415, nonsense 400', async () => {
    const { url, etag } = await open();
    const body = fragment(ufragOf(OFFER));
    expect((await patch(url, body)).status).toBe(428);
    expect((await patch(url, body, { 'If-Match': '"other"' })).status).toBe(412);
    expect((await patch(url, 'hello', { 'If-Match': etag })).status).toBe(400);
    const wrongType = { 'If-Match': etag, 'Content-Type': 'application/sdp' };
    expect((await patch(url, OFFER, wrongType)).status).toBe(415);
    expect((await fetch(url)).status).toBe(204);
  });

  test('4.3.3: ICE restart: 200, new credentials and candidates, a new ETag', async () => {
    const { url, etag, answer } = await open();
    const response = await patch(url, fragment('new1'), { 'If-Match': '*' });
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/trickle-ice-sdpfrag/);
    expect(response.headers.get('etag')).not.toBe(etag);
    expect(ufragOf(text)).not.toBe(ufragOf(answer));
    expect(text).toMatch(/a=ice-lite/);
    expect(text).toMatch(/a=candidate:/);
    // The old ETag counts no more, the session goes on.
    expect((await patch(url, fragment('new1'), { 'If-Match': etag })).status).toBe(412);
    const current = response.headers.get('etag') ?? '';
    expect((await patch(url, fragment('new1'), { 'If-Match': current })).status).toBe(204);
  });

  test('4.2: DELETE: 200, whatever If-Match says; then 404', async () => {
    const { url } = await open();
    const headers = { 'If-Match': '"other"' };
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
    expect((await patch(url, fragment('x'), { 'If-Match': '*' })).status).toBe(404);
  });

  test('5: a session is found under its own Channel only', async () => {
    const { url } = await open();
    const elsewhere = url.replace('/whip/live/', '/whip/other/');
    expect((await fetch(elsewhere, { method: 'DELETE' })).status).toBe(404);
  });

  test('an unfinished session is released in 15 s, and nobody was on air for it', async () => {
    const { url } = await open();
    expect(server.channel.info().live).toBe(false);
    const started = performance.now();
    await until(async () => (await fetch(url)).status === 404, 17_000);
    expect(performance.now() - started).toBeGreaterThan(10_000);
  });

  test('PUBLIC_URL: the Location is absolute', async () => {
    const other = await startLiveServer({ publicUrl: 'https://video.example.org' });
    const response = await fetch(`${other.url}/whip/live`, {
      method: 'POST',
      headers: { ...SDP, ...BEARER },
      body: OFFER,
    });
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/video\.example\.org\/whip\/live\/[0-9a-f-]{36}$/,
    );
    await other.close();
  });

  test('1,000 bare POSTs a minute from one address: 429 with Retry-After, memory flat', async () => {
    const limited = await startLiveServer({ limits: { posts: 60 } });
    const statuses = new Map<number, number>();
    const url = `${limited.url}/whip/live`;
    const bare = async () => {
      const response = await fetch(url, { method: 'POST', headers: SDP, body: OFFER });
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      return response;
    };
    await bare();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 49; round += 1) {
      await Promise.all(Array.from({ length: 20 }, bare));
    }
    const last = await bare();
    expect(Object.fromEntries(statuses)).toEqual({ 401: 60, 429: 922 });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    const router = limited.sfu.workerPids;
    expect(router).toHaveLength(1);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
    await limited.close();
  });
});
