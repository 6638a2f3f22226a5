import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Publication, publish, type RtcClient, watch } from './support/libdatachannel.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';

describe('libdatachannel publishes by WHIP and watches by WHEP', () => {
  let server: LiveServer;
  const clients: RtcClient[] = [];

  beforeEach(async () => {
    server = await startLiveServer({ graceSeconds: 2 });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.close();
  });

  const goLive = async (): Promise<Publication> => {
    const publication = await publish(`${server.url}/whip/live`, STREAM_KEY);
    clients.push(publication);
    await until(() => server.channel.broadcast !== undefined);
    return publication;
  };

  const view = async (): Promise<RtcClient> => {
    const viewer = await watch(`${server.url}/whep/live`);
    clients.push(viewer);
    return viewer;
  };

  const receives = async (viewer: RtcClient) => {
    const before = viewer.received.video.packets;
    await until(() => viewer.received.video.packets > before + 20);
  };

  test('media flows, in the numbers that the viewer has chosen; both are counted', async () => {
    await goLive();
    const viewer = await view();
    await receives(viewer);
    await until(() => viewer.received.audio.packets > 20);
    expect(server.channel.info()).toMatchObject({
      live: true,
      viewers: 1,
      publisher: { kind: 'whip' },
      hasVideo: true,
      hasAudio: true,
    });
  });

  test('DELETE by the viewer: it is counted out', async () => {
    await goLive();
    const viewer = await view();
    expect((await fetch(viewer.session, { method: 'DELETE' })).status).toBe(200);
    expect(server.channel.viewers).toBe(0);
    expect((await fetch(viewer.session, { method: 'DELETE' })).status).toBe(404);
  });

  test('DELETE revokes consent at once (RFC 7675): not a packet more, while others go on', async () => {
    await goLive();
    const [ended, other] = [await view(), await view()];
    await receives(ended);
    await fetch(ended.session, { method: 'DELETE' });
    await receives(other);
    const { packets } = ended.received.video;
    await receives(other);
    expect(ended.received.video.packets).toBe(packets);
  });

  test('DELETE by the publisher: off air at once, without the grace time', async () => {
    const publication = await goLive();
    expect((await fetch(publication.session, { method: 'DELETE' })).status).toBe(200);
    expect(server.channel.info()).toMatchObject({ live: false });
  });

  test('a publisher that is lost and comes back: the viewer keeps its session', async () => {
    const publication = await goLive();
    const viewer = await view();
    await receives(viewer);
    const { broadcastId, publisher } = server.channel.info();
    publication.close();
    await until(() => server.channel.info().reconnecting === true);
    expect(server.channel.info()).toMatchObject({ live: true, broadcastId, viewers: 1 });
    await goLive();
    await until(() => server.channel.info().broadcastId !== broadcastId);
    expect(server.channel.info().publisher?.since).toBe(publisher?.since);
    expect((await fetch(viewer.session)).status).toBe(204);
    await receives(await view());
  });

  // A deviation from RFC 8843 section 9.2: it routes packets by the SSRCs of the SDP alone, and mediasoup
  // gives a Consumer another one. Browsers go by payload type and go on; see test/browser/whip-whep.test.ts.
  test('libdatachannel drops packets of an SSRC that the answer did not name: it must POST again', async () => {
    const publication = await goLive();
    const viewer = await view();
    await receives(viewer);
    const { broadcastId } = server.channel.info();
    publication.close();
    await goLive();
    await until(() => server.channel.info().broadcastId !== broadcastId);
    await receives(await view());
    const { packets } = viewer.received.video;
    await receives(await view());
    expect(viewer.received.video.packets).toBe(packets);
  });

  test('a publisher that does not come back: off air after the grace time', async () => {
    const publication = await goLive();
    publication.close();
    await until(() => server.channel.info().reconnecting === true);
    const since = performance.now();
    await until(() => !server.channel.info().live);
    expect(performance.now() - since).toBeGreaterThan(1_500);
  });

  test('an encoder whose packets stop is cut off, and back with the next one', async () => {
    server.channel.configure({ title: 'Live', graceSeconds: 60 });
    const publication = await goLive();
    const viewer = await view();
    await receives(viewer);
    const { broadcastId } = server.channel.info();
    publication.pause();
    await until(() => server.channel.info().reconnecting === true);
    publication.resume();
    await until(() => server.channel.info().reconnecting === undefined);
    await receives(viewer);
    expect(server.channel.info().broadcastId).toBe(broadcastId);
  });

  test('the newest wins: a second one with the same key takes over, the first is ended', async () => {
    const first = await goLive();
    const viewer = await view();
    await receives(viewer);
    const before = server.channel.info().broadcastId;
    await goLive();
    await until(() => server.channel.info().broadcastId !== before);
    await receives(await view());
    expect((await fetch(first.session)).status).toBe(404);
    expect(server.channel.info()).toMatchObject({ live: true });
    expect(server.channel.info().reconnecting).toBeUndefined();
  });

  test('a key that is rotated ends whoever publishes with the old one', async () => {
    const publication = await goLive();
    server.rights.rotate('live', 'sk_another-0123456789abcdefg');
    expect(server.channel.info().live).toBe(false);
    expect((await fetch(publication.session)).status).toBe(404);
  });

  test('a Worker that is killed: the publisher comes back on the next one, within the grace time', async () => {
    await goLive();
    const [pid] = server.sfu.workerPids;
    if (pid === undefined) throw new Error('no worker');
    process.kill(pid, 'SIGKILL');
    await until(() => server.channel.info().reconnecting === true);
    await until(() => server.sfu.workerPids.length === 1);
    await goLive();
    expect(server.channel.info()).toMatchObject({ live: true });
    await receives(await view());
  });

  test('what arrives is told: bitrate, loss, viewers by Layer', async () => {
    await goLive();
    await receives(await view());
    await until(() => {
      const { layers = [], viewers } = server.publishing.healthOf('live') ?? {};
      return viewers === 1 && (layers[0]?.bitrate ?? 0) > 10_000;
    });
    expect(server.publishing.healthOf('live')).toMatchObject({
      viewers: 1,
      layers: [{ spatialLayer: 0, score: 10 }],
      packetLossFraction: 0,
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'singleLayer', severity: 'hint' }),
      ]),
    });
  });

  test('the size of the picture is read from its packets', async () => {
    await goLive();
    await until(() => server.channel.info().layers.length === 1);
    expect(server.channel.info().layers).toMatchObject([
      { width: 16, height: 16, framesPerSecond: 50 },
    ]);
  });

  test('no key is anywhere in the log', async () => {
    await goLive();
    await publish(`${server.url}/whip/live`, 'sk_wrong-key-0123456789abc').catch(() => undefined);
    expect(server.log.join('')).not.toContain('sk_');
  });
});
