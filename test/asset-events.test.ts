import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type LibraryBehind, openLibrary } from './support/library.ts';
import { until } from './support/live-server.ts';
import { newPerson } from './support/people.ts';
import { recordSecret } from './support/run-record.ts';

const ADMIN_TOKEN = 'an-admin-token-of-32-characters0';
const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}` };
const tokenSchema = z.looseObject({ id: z.string(), token: z.string() });

/** A stream of server-sent events, as text. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const cancelled = new AbortController();
  const answer = await fetch(url, { headers, signal: cancelled.signal });
  let text = '';
  let isOver = false;
  const reading = (async () => {
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (;;) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) break;
        text += piece.value;
      }
    } finally {
      isOver = true;
    }
  })().catch(() => undefined);
  return {
    answer,
    text: () => text,
    isOver: () => isOver,
    async cancel() {
      cancelled.abort();
      await reading;
    },
  };
}

describe('/api/v1/assets/events', () => {
  let server: TestApp;
  let library: LibraryBehind;
  let url = '';

  beforeEach(async () => {
    server = await startApp({ ADMIN_TOKEN });
    library = await openLibrary(server);
    url = `${server.url}/api/v1/assets/events`;
  });
  afterEach(async () => {
    await library.close();
    await server.close();
  });

  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { ...ADMIN, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  test('one Asset: as it is, its changes, its end', async () => {
    const { id } = await library.assets.create(
      { title: 'first', visibility: 'unlisted' },
      { id: 'ADMIN_TOKEN', name: 'ADMIN_TOKEN' },
    );
    const stream = await listen(`${url}?id=${id}`);
    expect(Object.fromEntries(stream.answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': expect.stringMatching(/^text\/event-stream/),
    });
    await until(() => stream.text().includes('first'));
    await call('PATCH', `/assets/${id}`, { title: 'second' });
    await until(() => stream.text().includes('second'));
    await call('DELETE', `/assets/${id}`);
    await until(() => stream.text().includes(`event: gone\ndata: {"id":"${id}"}\n\n`));
    expect(stream.text()).toMatch(/^: \n\nevent: asset\ndata: \{"id":"[A-Z2-7]{16}".*\}\n\n/);
    expect(stream.text()).not.toContain('ADMIN_TOKEN');
    await stream.cancel();
  });

  test('what is named wrongly is an error and no stream', async () => {
    expect((await fetch(`${url}?id=${'A'.repeat(16)}`)).status).toBe(404);
    expect((await fetch(`${url}?id=demo`)).status).toBe(400);
    expect((await fetch(url, { headers: { authorization: 'Bearer none' } })).status).toBe(401);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  test('thirty of one address, and none is counted that has gone', async () => {
    const thirty = await Promise.all(Array.from({ length: 30 }, () => listen(url)));
    expect(thirty.map(({ answer }) => answer.status)).toEqual(Array(30).fill(200));
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '30']);
    // Somebody with a name is counted for themselves.
    const named = await listen(url, ADMIN);
    expect(named.answer.status).toBe(200);
    await Promise.all([...thirty, named].map((stream) => stream.cancel()));
    await until(async () => {
      const again = await Promise.all(Array.from({ length: 30 }, () => listen(url)));
      await Promise.all(again.map((stream) => stream.cancel()));
      return again.every(({ answer }) => answer.status === 200);
    });
  });

  test('a stream ends with the token that it was asked with', async () => {
    const created = await call('POST', '/tokens', { name: 'x', scopes: ['library:read'] });
    const { id, token } = tokenSchema.parse(await created.json());
    recordSecret('a token', token);
    const stream = await listen(url, { authorization: `Bearer ${token}` });
    const stays = await listen(url, ADMIN);
    // A viewer sees what is for those who are signed in, and nothing else that a stranger does not.
    const api = await ApiClient.create(server.url, new Set());
    const at = { api, url: server.url };
    const { headers } = await newPerson(at, { role: 'viewer', administrator: ADMIN });
    const viewer = await listen(url, headers);
    await api.call('/session', { method: 'DELETE', headers });
    await call('DELETE', `/tokens/${id}`);
    await until(() => stream.isOver() && viewer.isOver());
    expect(stays.isOver()).toBe(false);
    // The others are kept open by a comment.
    await until(() => stays.text().split(': \n\n').length > 2);
    await stays.cancel();
  });

  test('streams end when the server does', async () => {
    const streams = await Promise.all([listen(url), listen(url, ADMIN)]);
    await server.app.close();
    await until(() => streams.every((stream) => stream.isOver()));
  });
});
