import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { captureTimeMs } from '../client/player/receiving/latency.ts';
import { type Publication, publish } from './support/libdatachannel.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';
import { type OneLayerPublisher, publishOneLayer } from './support/one-layer.ts';

const MINUTE_MS = 60_000;

describe('what Viewers are told of an encoder’s clock', () => {
  let server: LiveServer;
  let publication: Publication | undefined;
  let ffmpeg: OneLayerPublisher | undefined;

  beforeEach(async () => {
    server = await startLiveServer();
  });

  afterEach(async () => {
    publication?.close();
    await ffmpeg?.close();
    publication = undefined;
    ffmpeg = undefined;
    await server.close();
  });

  const publisher = () => server.channel.info().publisher;

  const goLive = async (clockAheadMs?: number) => {
    publication = await publish(`${server.url}/whip/live`, STREAM_KEY, clockAheadMs);
    await until(() => server.channel.broadcast !== undefined);
  };

  /** Reports have come, five a second, and were looked at, once a second, whatever came of it. */
  const listened = async () => {
    const looks = new Set<unknown>();
    await until(() => looks.add(server.publishing.healthOf('live')).size > 4);
  };

  test('a right clock is taken for one: its time of each picture is told', async () => {
    await goLive(0);
    await until(() => publisher()?.captureReferences !== undefined);
    expect(Math.abs(publisher()?.clockOffsetMs ?? Number.NaN)).toBeLessThan(100);
    const [reference, ...others] = publisher()?.captureReferences ?? [];
    expect(others).toEqual([]);
    if (reference === undefined) throw new Error('no reference');
    // Its RTP clock began with the first packet, a moment ago.
    const began = captureTimeMs(reference, 0);
    expect(began).toBeLessThan(Date.now());
    expect(began).toBeGreaterThan(Date.now() - MINUTE_MS * 2);
  });

  test.each([
    ['ten minutes slow', -10 * MINUTE_MS],
    ['ten minutes fast', 10 * MINUTE_MS],
    ['counted from 1970 on', -Date.now()],
  ])('a clock that is %s is not gone by: "from the server"', async (_name, aheadMs) => {
    await goLive(aheadMs);
    await listened();
    expect(publisher()).toMatchObject({ kind: 'whip' });
    expect(publisher()).not.toHaveProperty('clockOffsetMs');
    expect(publisher()).not.toHaveProperty('captureReferences');
  });

  test('an encoder that sends no reports', async () => {
    await goLive();
    await listened();
    expect(publisher()).not.toHaveProperty('clockOffsetMs');
    expect(publisher()).not.toHaveProperty('captureReferences');
  });

  test('FFmpeg’s own WHIP muxer goes by the wall clock', async () => {
    ffmpeg = await publishOneLayer(`${server.url}/whip/live`, STREAM_KEY);
    await until(() => publisher()?.captureReferences !== undefined);
    expect(Math.abs(publisher()?.clockOffsetMs ?? Number.NaN)).toBeLessThan(100);
    const [reference] = publisher()?.captureReferences ?? [];
    const agoMs = Date.now() - (reference?.captureMs ?? Number.NaN);
    expect(agoMs).toBeGreaterThan(-1_000);
    expect(agoMs).toBeLessThan(MINUTE_MS * 2);
  });
});
