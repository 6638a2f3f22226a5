import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Publication, publish } from './support/libdatachannel.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';
import { corpusOffer } from './support/offers.ts';
import { recordSecret } from './support/run-record.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };
const BEARER = { Authorization: `Bearer ${STREAM_KEY}` };

const fragment = (ufrag: string) =>
  `a=ice-ufrag:${ufrag}\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n` +
  'a=mid:0\r\na=end-of-candidates\r\n';

const ufragOf = (sdp: string) => /a=ice-ufrag:(.+)/.exec(sdp)?.[1]?.trim() ?? '';
const iceLines = (sdp: string) => new Set(sdp.match(/^a=ice-(options|lite).*$/gm));

/** What the standards ask of both; each alone is in whip-http.test.ts and whep-http.test.ts. */
describe.each([
  ['WHIP (RFC 9725)', 'whip', corpusOffer('chromium-whip')],
  ['WHEP (draft-ietf-wish-whep-04)', 'whep', corpusOffer('chromium-whep')],
])('%s, as the other', (_standard, door, offer) => {
  let server: LiveServer;
  let publication: Publication;

  beforeAll(async () => {
    server = await startLiveServer();
    publication = await publish(`${server.url}/whip/live`, STREAM_KEY);
    await until(() => server.channel.broadcast !== undefined);
  });

  afterAll(async () => {
    publication.close();
    await server.close();
  });

  const post = (at = server, query = '', body = offer) =>
    fetch(`${at.url}/${door}/live${query}`, {
      method: 'POST',
      headers: { ...SDP, ...BEARER },
      body,
    });

  const open = async (at = server) => {
    const response = await post(at);
    const url = new URL(response.headers.get('location') ?? '', `${at.url}/${door}/live`).href;
    return { url, etag: response.headers.get('etag') ?? '', answer: await response.text() };
  };

  const patch = (url: string, body: string, headers: Record<string, string>) =>
    fetch(url, { method: 'PATCH', headers: { ...FRAGMENT, ...headers }, body });

  test('MUST NOT redirect by 301 or 302: whatever is asked, nothing is (one server: no 307 either)', async () => {
    const { url } = await open();
    for (const at of [
      `${server.url}/${door}/live`,
      `${server.url}/${door}/live/`,
      url,
      `${url}/`,
    ]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PATCH', 'DELETE']) {
        const response = await fetch(at, { method, redirect: 'manual', headers: BEARER });
        expect([at, method, Math.floor(response.status / 100)]).not.toContain(3);
      }
    }
  });

  test('a failed ICE restart MUST NOT end the session', async () => {
    const { url, etag, answer } = await open();
    const broken = 'a=ice-ufrag:new1\r\n';
    expect((await patch(url, broken, { 'If-Match': '*' })).status).toBe(400);
    expect((await patch(url, fragment('new1'), { 'If-Match': '"old"' })).status).toBe(412);
    expect((await fetch(url)).status).toBe(204);
    // Nothing has changed: the candidates of the first ICE session are still welcome.
    const first = fragment(ufragOf(offer));
    expect((await patch(url, first, { 'If-Match': etag })).status).toBe(204);
    expect(ufragOf(answer)).not.toBe('');
  });

  test('ice-lite and ice-options of a restart are those of the answer', async () => {
    const { url, answer } = await open();
    const restart = await patch(url, fragment('new1'), { 'If-Match': '*' });
    expect(iceLines(await restart.text())).toEqual(iceLines(answer));
    expect(iceLines(answer)).toContain('a=ice-lite');
  });

  test('If-Match may be a list; weak tags match nothing (RFC 9110 section 13.1.1)', async () => {
    const { url, etag } = await open();
    const body = fragment(ufragOf(offer));
    expect((await patch(url, body, { 'If-Match': `"other", ${etag}` })).status).toBe(204);
    expect((await patch(url, body, { 'If-Match': `W/${etag}` })).status).toBe(412);
  });

  test('deviation of @eyevinn/whip-web-client: ETag in the place of If-Match is none: 428', async () => {
    const { url, etag } = await open();
    expect((await patch(url, fragment(ufragOf(offer)), { ETag: etag })).status).toBe(428);
    expect((await fetch(url)).status).toBe(204);
  });

  test('session addresses cannot be guessed: 122 random bits, another for each', async () => {
    const urls = await Promise.all(Array.from({ length: 5 }, async () => (await open()).url));
    for (const url of urls) {
      expect(url).toMatch(/\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(urls).size).toBe(5);
  });

  test('a token in the address is told to nobody else, and is no key', async () => {
    const token = 'token-in-an-address-0123456789';
    recordSecret('a token in an address', token);
    const response = await post(server, `?access_token=${token}`, 'v=0');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.status).toBe(400);
    expect(server.log.join('')).not.toContain(token);
    if (door === 'whep') return;
    const url = `${server.url}/whip/live?access_token=${STREAM_KEY}`;
    expect((await fetch(url, { method: 'POST', headers: SDP, body: offer })).status).toBe(401);
  });

  test('setup:passive is answered with active, actpass with passive', async () => {
    const passive = offer.replaceAll('a=setup:actpass', 'a=setup:passive');
    expect(await (await post(server, '', passive)).text()).toContain('a=setup:active');
    expect(await (await post()).text()).toContain('a=setup:passive');
  });

  test('single sections are not rejected: no port 0 in an answer, else the whole POST is', async () => {
    const without = offer.replaceAll('opus/48000', 'speex/48000');
    expect((await post(server, '', without)).status).toBe(422);
    expect((await open()).answer).not.toMatch(/^m=\w+ 0 /m);
  });

  test('extensions are told on the 201 alone, and not on OPTIONS', async () => {
    const links = (await post()).headers.get('link') ?? '';
    expect(links.match(/urn:ietf:params:\w+:ext/g) ?? []).toHaveLength(door === 'whep' ? 2 : 0);
    const options = await fetch(`${server.url}/${door}/live`, { method: 'OPTIONS' });
    expect(options.headers.get('link')).toBeNull();
  });

  describe('with few requests a minute', () => {
    let limited: LiveServer;
    let feed: Publication;

    beforeEach(async () => {
      limited = await startLiveServer({ limits: { posts: 10, changes: 3 } });
      feed = await publish(`${limited.url}/whip/live`, STREAM_KEY);
      await until(() => limited.channel.broadcast !== undefined);
    });

    afterEach(async () => {
      feed.close();
      await limited.close();
    });

    test('PATCH and DELETE are limited by address, as POST is: 429 with Retry-After', async () => {
      const { url, etag } = await open(limited);
      const body = fragment(ufragOf(offer));
      for (let count = 0; count < 3; count += 1) {
        expect((await patch(url, body, { 'If-Match': etag })).status).toBe(204);
      }
      for (const method of ['PATCH', 'DELETE']) {
        const response = await fetch(url, { method });
        expect([method, response.status]).toEqual([method, 429]);
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    });

    test('a server that cannot take it on: 503 (WHEP: 409, nobody is on air) with Retry-After', async () => {
      const [pid] = limited.sfu.workerPids;
      if (pid === undefined) throw new Error('no worker');
      process.kill(pid, 'SIGKILL');
      await until(() => limited.sfu.workerPids.length === 0);
      const response = await post(limited);
      expect(response.status).toBe(door === 'whip' ? 503 : 409);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After');
    });
  });
});
