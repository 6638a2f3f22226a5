import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startApp, type TestApp } from './support/app.ts';
import { type Publication, publish, watch } from './support/libdatachannel.ts';
import { until } from './support/live-server.ts';
import { recordSecret } from './support/run-record.ts';
import { openBroadcast } from './support/sending-socket.ts';

const ADMIN_TOKEN = 'admin-token-of-key-rotation-0123456789';

/** Over the whole house: the API, the database, both doors that publish. */
describe('rotating a stream key', () => {
  let server: TestApp;
  let count = 0;
  let channelId: string;
  const publications: Publication[] = [];

  beforeAll(async () => {
    server = await startApp({ ADMIN_TOKEN, WORKERS: '1' });
  });

  afterEach(() => {
    for (const publication of publications.splice(0)) publication.close();
  });

  afterAll(() => server.close());

  const post = async (path: string, body?: object) => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { streamKey } = z.looseObject({ streamKey: z.string() }).parse(await response.json());
    recordSecret('a stream key', streamKey);
    return streamKey;
  };

  const createChannel = async () => {
    count += 1;
    channelId = `rotated-${count}`;
    return await post('/channels', { id: channelId, title: 'Rotated' });
  };
  const rotate = () => post(`/channels/${channelId}/stream-key`);

  const goLive = async (key: string) => {
    const publication = await publish(`${server.url}/whip/${channelId}`, key);
    publications.push(publication);
    await until(async () => (await channel()).live);
    return publication;
  };

  const channel = async () => {
    const response = await fetch(`${server.url}/api/v1/channels/${channelId}`);
    return z.looseObject({ live: z.boolean() }).parse(await response.json());
  };

  test('ends the WHIP session that uses the old one at once, without the grace time', async () => {
    const old = await createChannel();
    const publication = await goLive(old);
    const viewer = await watch(`${server.url}/whep/${channelId}`);
    await until(() => viewer.received.video.packets > 20);
    await rotate();
    expect((await fetch(publication.session)).status).toBe(404);
    expect((await fetch(publication.session, { method: 'DELETE' })).status).toBe(404);
    const { live, reconnecting } = await channel();
    expect({ live, reconnecting }).toEqual({ live: false, reconnecting: undefined });
    viewer.close();
  });

  test('the old key is refused from then on, the new one goes on air', async () => {
    const old = await createChannel();
    await goLive(old);
    const renewed = await rotate();
    expect(renewed).not.toBe(old);
    await expect(publish(`${server.url}/whip/${channelId}`, old)).rejects.toThrow(/401/);
    await goLive(renewed);
    const viewer = await watch(`${server.url}/whep/${channelId}`);
    await until(() => viewer.received.video.packets > 20);
    viewer.close();
  });

  test('a broadcast page is told the reason by name, also before it is on air', async () => {
    const streamKey = await createChannel();
    const told = await openBroadcast(server.url, { channelId, streamKey });
    await rotate();
    expect(await told.ended).toEqual({ reason: 'keyRotated' });
    told.close();
  });
});
