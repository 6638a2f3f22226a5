import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Publication, publish } from './support/libdatachannel.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';
import { corpusOffer } from './support/offers.ts';

const OFFER = corpusOffer('chromium-whep');
const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const EVENTS = 'urn:ietf:params:whep:ext:core:server-sent-events';
const LAYER = 'urn:ietf:params:whep:ext:core:layer';

const fragment = (ufrag: string) =>
  `a=ice-ufrag:${ufrag}\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n` +
  'a=mid:0\r\na=end-of-candidates\r\n';

const extensionOf = (server: string, link: string, urn: string) =>
  new URL(new RegExp(`<([^>]+)>; rel="${urn}"`).exec(link)?.[1] ?? '', `${server}/whep/live`).href;

/** A stream of server-sent events, as text. */
async function subscribeTo(url: string, events: string[]) {
  const created = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(created.status).toBe(201);
  const stream = new URL(created.headers.get('location') ?? '', url).href;
  const response = await fetch(stream);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const read = async () => {
    const chunk = await reader?.read();
    text += chunk?.value ?? '';
    return chunk?.done === false;
  };
  return {
    url: stream,
    text: () => text,
    readUntil: async (wanted: string) => {
      while (!text.includes(wanted)) if (!(await read())) throw new Error(`it ended: ${text}`);
    },
    readToEnd: async () => {
      while (await read());
    },
    cancel: async () => await reader?.cancel(),
  };
}

describe('draft-ietf-wish-whep-04', () => {
  let server: LiveServer;
  let publication: Publication;
  const sessions: string[] = [];

  beforeAll(async () => {
    server = await startLiveServer({ iceServers: () => [{ urls: 'stun:stun.example.org' }] });
    publication = await publish(`${server.url}/whip/live`, STREAM_KEY);
    await until(() => server.channel.broadcast !== undefined);
  });

  afterEach(async () => {
    for (const session of sessions.splice(0)) await fetch(session, { method: 'DELETE' });
  });

  afterAll(async () => {
    publication.close();
    await server.close();
  });

  const post = async (body = OFFER, headers: Record<string, string> = {}, channel = 'live') => {
    const url = `${server.url}/whep/${channel}`;
    const response = await fetch(url, { method: 'POST', headers: { ...SDP, ...headers }, body });
    const location = response.headers.get('location');
    if (location !== null) sessions.push(new URL(location, url).href);
    return response;
  };

  const open = async () => {
    const response = await post();
    const url = sessions.at(-1) ?? '';
    const etag = response.headers.get('etag') ?? '';
    return { url, etag, link: response.headers.get('link') ?? '', answer: await response.text() };
  };

  const extension = (link: string, urn: string) => extensionOf(server.url, link, urn);

  const subscribe = (link: string, events: string[]) =>
    subscribeTo(extension(link, EVENTS), events);

  test('4.2: an offer of the client: 201, application/sdp, Location, ETag; the Viewer counts', async () => {
    const response = await post();
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toMatch(/^application\/sdp/);
    expect(response.headers.get('location')).toMatch(/^live\/[0-9a-f-]{36}$/);
    expect(response.headers.get('etag')).toMatch(/^"[^"]+"$/);
    expect(server.channel.viewers).toBe(1);
  });

  test('what may not be watched any more ends, whoever watches it', async () => {
    const { url, link } = await open();
    const events = await subscribe(link, ['viewercount']);
    const before = server.channel.access;
    server.channel.access = { ...before, rules: { ...before.rules, visibility: 'private' } };
    server.admissions.check();
    await events.readToEnd();
    expect((await fetch(url)).status).toBe(404);
    expect(server.channel.viewers).toBe(0);
    expect((await post()).status).toBe(404);
    server.channel.access = before;
    expect((await post()).status).toBe(201);
  });

  test('4.2: the answer MUST be sendonly, bundled, with rtcp-mux-only and the offered numbers', async () => {
    const { answer } = await open();
    expect(answer.match(/^a=(sendrecv|sendonly|recvonly|inactive)/gm)).toEqual([
      'a=sendonly',
      'a=sendonly',
    ]);
    expect(answer.match(/^a=rtcp-mux-only$/gm)).toHaveLength(2);
    expect(answer).toMatch(/m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r\n/);
    expect(answer).toMatch(/m=video 9 UDP\/TLS\/RTP\/SAVPF 96\r\n/);
    expect(answer).toContain('a=rtpmap:96 VP8/90000');
  });

  test('Chrome plays stereo only where the sound says so', async () => {
    expect((await open()).answer).toMatch(/a=rtpmap:111 opus\/48000\/2/);
  });

  test('4.2: nobody on air: 409 with Retry-After', async () => {
    const response = await post(OFFER, {}, 'other');
    expect(response.status).toBe(409);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test.each<[string, number, string, Record<string, string>, string]>([
    ['another content type', 415, OFFER, { 'Content-Type': 'application/json' }, 'live'],
    ['nonsense', 400, 'hello', {}, 'live'],
    ['sendonly', 422, OFFER.replaceAll('a=recvonly', 'a=sendonly'), {}, 'live'],
    ['no codec of ours', 422, OFFER.replaceAll('opus/48000', 'speex/48000'), {}, 'live'],
    ['no such Channel', 404, OFFER, {}, 'nowhere'],
  ])('4.2: %s: %i', async (_name, status, body, headers, channel) => {
    const response = await post(body, headers, channel);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, error: { code: expect.any(String) } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('4.1: HEAD SHOULD be 200 with Content-Type: application/sdp, GET 2xx without content', async () => {
    const head = await fetch(`${server.url}/whep/live`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-type')).toMatch(/^application\/sdp/);
    const get = await fetch(`${server.url}/whep/live`);
    expect([get.status, await get.text()]).toEqual([204, '']);
  });

  test('OPTIONS: CORS and Accept-Post', async () => {
    const response = await fetch(`${server.url}/whep/live`, { method: 'OPTIONS' });
    expect(response.status).toBe(200);
    expect(response.headers.get('accept-post')).toBe('application/sdp');
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
  });

  test('PATCH: 204 for candidates; 428, 412, 415; ICE restart 200 with a new ETag', async () => {
    const { url, etag, answer } = await open();
    const ufrag = /a=ice-ufrag:(.+)/.exec(OFFER)?.[1]?.trim() ?? '';
    const patch = (body: string, headers: Record<string, string> = {}) =>
      fetch(url, { method: 'PATCH', headers: { 'Content-Type': FRAGMENT, ...headers }, body });
    expect((await patch(fragment(ufrag), { 'If-Match': etag })).status).toBe(204);
    expect((await patch(fragment(ufrag))).status).toBe(428);
    expect((await patch(fragment(ufrag), { 'If-Match': '"other"' })).status).toBe(412);
    const sdp = { 'If-Match': etag, ...SDP };
    expect((await patch(OFFER, sdp)).status).toBe(415);
    const restart = await patch(fragment('new1'), { 'If-Match': '*' });
    expect(restart.status).toBe(200);
    expect(restart.headers.get('etag')).not.toBe(etag);
    expect(answer).not.toContain(/a=ice-ufrag:.+/.exec(await restart.text())?.[0]);
  });

  test('DELETE: 200, and the Viewer counts no more; then 404', async () => {
    const { url } = await open();
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(200);
    expect(server.channel.viewers).toBe(0);
    expect((await fetch(url)).status).toBe(404);
  });

  test('Link: ICE servers and the two extensions', async () => {
    const { link } = await open();
    expect(link).toContain('<stun:stun.example.org>; rel="ice-server"');
    expect(link).toContain(
      `rel="${EVENTS}"; events="active,inactive,layers,reconnect,viewercount"`,
    );
    expect(link).toContain(`rel="${LAYER}"`);
  });

  test('server-sent events: what is wanted, at once and then when it changes', async () => {
    const { link } = await open();
    const events = await subscribe(link, ['active', 'viewercount', 'something else']);
    await events.readUntil('event: viewercount\ndata: {"viewercount":1}');
    expect(events.text()).toContain('event: active\n');
    expect(events.text()).not.toContain('event: layers');
    await open();
    await events.readUntil('data: {"viewercount":2}');
    await events.cancel();
  });

  test('server-sent events: a player that ends its session is not told to come again', async () => {
    const { link, url } = await open();
    const events = await subscribe(link, ['active', 'reconnect']);
    await events.readUntil('event: active');
    await fetch(url, { method: 'DELETE' });
    await events.readToEnd();
    expect(events.text()).not.toContain('reconnect');
  });

  test('server-sent events: DELETE ends a stream, which is not found from then on', async () => {
    const { link } = await open();
    const events = await subscribe(link, ['active']);
    await events.readUntil('event: active');
    expect((await fetch(events.url, { method: 'DELETE' })).status).toBe(200);
    await events.readToEnd();
    expect((await fetch(events.url)).status).toBe(404);
    expect((await fetch(events.url, { method: 'DELETE' })).status).toBe(404);
  });

  test('the layer extension: a choice is taken, an empty one is automatic, nonsense is 400', async () => {
    const { link } = await open();
    const choose = (body: unknown) =>
      fetch(extension(link, LAYER), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await choose({ mediaId: '1', maxSpatialLayerId: 0 })).status).toBe(200);
    expect(server.channel.audience.wantedLayer(3)).toBe(0);
    expect((await choose({})).status).toBe(200);
    expect(server.channel.audience.wantedLayer(3)).toBe(2);
    expect((await choose({ spatialLayerId: 'high' })).status).toBe(400);
  });

  test('an unfinished session is released in 15 s', async () => {
    const { url } = await open();
    await until(async () => (await fetch(url)).status === 404, 17_000);
    expect(server.channel.viewers).toBe(0);
  });
});

describe('the event `reconnect`: the session is over, and the player is to make another one', () => {
  let server: LiveServer;
  let publication: Publication;

  beforeEach(async () => {
    server = await startLiveServer();
    publication = await publish(`${server.url}/whip/live`, STREAM_KEY);
    await until(() => server.channel.broadcast !== undefined);
  });

  afterEach(async () => {
    publication.close();
    await server.close();
  });

  const post = () =>
    fetch(`${server.url}/whep/live`, { method: 'POST', headers: SDP, body: OFFER });

  const open = async (events: string[]) => {
    const link = (await post()).headers.get('link') ?? '';
    return await subscribeTo(extensionOf(server.url, link, EVENTS), events);
  };

  test('a server that is being stopped tells those who want to know, and takes nobody new', async () => {
    const told = await open(['active', 'reconnect']);
    const untold = await open(['active']);
    await told.readUntil('event: active');
    expect(told.text()).not.toContain('reconnect');
    server.closing.abort();
    await told.readToEnd();
    expect(told.text()).toMatch(/event: reconnect\ndata: \{\}\n\n$/);
    await untold.readToEnd();
    expect(untold.text()).not.toContain('reconnect');
    expect(server.channel.viewers).toBe(0);
    const response = await post();
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('a Worker that died', async () => {
    const events = await open(['reconnect']);
    for (const pid of server.sfu.workerPids) process.kill(pid, 'SIGKILL');
    await events.readToEnd();
    expect(events.text()).toBe('event: reconnect\ndata: {}\n\n');
  });
});
