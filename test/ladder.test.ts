import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { NO_LIMIT } from '../server/sfu/layer-choice.ts';
import { launchChromium, openPage } from './support/chromium.ts';
import { type LiveServer, startLiveServer, STREAM_KEY, until } from './support/live-server.ts';
import { type RtcClient, watch } from './support/libdatachannel.ts';
import { encodersOf, type OneLayerPublisher, publishOneLayer } from './support/one-layer.ts';
import { RtpReceiver } from './support/rtp-receiver.ts';
import { receivedInPage, watchFromPage } from './support/rtc-pages.ts';

describe('a source with one layer', () => {
  let browser: Browser;
  let server: LiveServer;
  let publisher: OneLayerPublisher | undefined;
  const pages: Page[] = [];
  const clients: RtcClient[] = [];
  const sessions: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startLiveServer();
    publisher = await publishOneLayer(`${server.url}/whip/live`, STREAM_KEY);
    await until(() => server.channel.info().layers.length > 0).catch(() => {
      throw new Error(publisher?.said);
    });
  });

  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => fetch(session, { method: 'DELETE' })));
    for (const client of clients.splice(0)) client.close();
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });

  afterAll(async () => {
    await browser?.close();
    await publisher?.close();
    await server?.close();
  });

  const encoders = () => encodersOf(process.pid);

  const view = async () => {
    const { page } = await openPage(browser, `${server.url}/`);
    pages.push(page);
    const { status, session } = await watchFromPage(page, `${server.url}/whep/live`);
    expect(status).toBe(201);
    sessions.push(session);
    return { page, session };
  };

  const choose = async (session: string, spatialLayerId: number | undefined) => {
    const response = await fetch(`${session}/layer`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(spatialLayerId === undefined ? {} : { spatialLayerId }),
    });
    expect(response.status).toBe(200);
  };

  const widthIs = (page: Page, width: number) =>
    until(async () => (await receivedInPage(page)).frameWidth === width);

  const morePictures = async (page: Page, count = 30) => {
    const { framesDecoded } = await receivedInPage(page);
    await until(async () => (await receivedInPage(page)).framesDecoded > framesDecoded + count);
  };

  /** A Viewer without a decoder, in the lowest Layer. */
  const lowest = async () => {
    const viewer = await watch(`${server.url}/whep/live`);
    clients.push(viewer);
    sessions.push(viewer.session);
    await choose(viewer.session, 0);
    return viewer;
  };

  const receives = async (viewer: RtcClient) => {
    const before = viewer.received.video.packets;
    await until(() => viewer.received.video.packets > before + 20);
  };

  const leave = async (session: string) => {
    expect((await fetch(session, { method: 'DELETE' })).status).toBe(200);
  };

  test('announces three Layers, and with nobody in need no ffmpeg runs', async () => {
    expect(server.channel.info().layers).toMatchObject([
      { width: 320, height: 180 },
      { width: 640, height: 360 },
      { width: 1280, height: 720 },
    ]);
    expect(encoders()).toEqual([]);
    const { page, session } = await view();
    await widthIs(page, 1280);
    expect(encoders()).toEqual([]);
    await leave(session);
  });

  test('whoever asks for a lower one gets it, others keep the original; the encoder ends with the need', async () => {
    const top = await view();
    await widthIs(top.page, 1280);
    const low = await view();
    const asked = performance.now();
    await choose(low.session, 0);
    await widthIs(low.page, 320);
    console.info(
      `a lower Layer, encoder start included: ${Math.round(performance.now() - asked)} ms`,
    );
    await choose(low.session, 1);
    await widthIs(low.page, 640);
    await widthIs(top.page, 1280);
    expect(encoders()).toHaveLength(1);
    await choose(low.session, 2);
    await widthIs(low.page, 1280);
    await until(() => encoders().length === 0);
    await morePictures(top.page);
  });

  test('a hundred Viewers in need, ten of them with a connection: one ffmpeg; all gone: none', async () => {
    const viewers = await Promise.all(Array.from({ length: 10 }, () => lowest()));
    const seats = Array.from({ length: 90 }, () => server.channel.enter());
    for (const seat of seats) seat.want({ ...NO_LIMIT, layer: 0, reason: 'size' });
    await Promise.all(viewers.map((viewer) => receives(viewer)));
    expect(server.channel.viewers).toBe(100);
    expect(encoders()).toHaveLength(1);
    expect(server.ladders.encoding).toBe(1);
    await Promise.all(viewers.map(({ session }) => leave(session)));
    expect(encoders()).toHaveLength(1);
    for (const seat of seats) seat.leave();
    await until(() => encoders().length === 0);
    await until(() => server.ladders.encoding === 0);
  });

  test('the encoder is killed: pictures go on by themselves, and lower Layers are back', async () => {
    const { page, session } = await view();
    await choose(session, 0);
    await widthIs(page, 320);
    const [pid] = encoders();
    if (pid === undefined) throw new Error('no encoder');
    process.kill(pid, 'SIGKILL');
    const killed = performance.now();
    await morePictures(page, 5);
    console.info(`pictures ${Math.round(performance.now() - killed)} ms after the kill`);
    await until(() => encoders().some((one) => one !== pid));
    await widthIs(page, 320);
    await morePictures(page);
    expect(encoders()).toHaveLength(1);
  });

  test('a lower Layer has the clock of the original, and so of the sound', async () => {
    const viewer = await lowest();
    await receives(viewer);
    const { broadcast } = server.channel;
    const [original, offered] = [broadcast?.producers, broadcast?.offered].map((producers) =>
      producers?.find(({ kind }) => kind === 'video'),
    );
    const before = await clockOf(original);
    const low = await clockOf(offered, 0);
    const after = await clockOf(original);
    const [off, drift] = [betweenMs(after, low), betweenMs(before, after)];
    console.info(
      `the lowest Layer's clock: ${off.toFixed(1)} ms; the original's own: ${drift.toFixed(1)} ms`,
    );
    expect(Math.abs(off)).toBeLessThan(60);
  });

  // The last one: a server that has lost its relays gets no others.
  test('the thread that it all goes through ends: Viewers have the original, by themselves', async () => {
    const { page } = await view();
    await widthIs(page, 1280);
    const { broadcastId } = server.channel.info();
    await server.relays.close();
    await until(() => server.channel.info().broadcastId !== broadcastId);
    expect(server.channel.broadcast?.offered).toEqual(server.channel.broadcast?.producers);
    await morePictures(page);
    await widthIs(page, 1280);
  });

  /** How the SFU tells a receiver of this Producer what time its RTP timestamps are. */
  const clockOf = async (producer: OfferedProducer | undefined, spatialLayer?: number) => {
    const router = server.channel.broadcast?.origin.router;
    if (router === undefined || producer === undefined) throw new Error('nothing is on air');
    const receiver = await RtpReceiver.open();
    const transport = await router.createPlainTransport({ listenIp: '127.0.0.1' });
    try {
      await transport.connect(receiver.target);
      const { rtpCapabilities } = router;
      const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities });
      if (spatialLayer !== undefined) {
        await consumer.setPreferredLayers({ spatialLayer });
        await until(() => consumer.currentLayers?.spatialLayer === spatialLayer);
        receiver.reports.splice(0);
      }
      await until(() => receiver.reports.length >= 3);
      const last = receiver.reports.at(-1);
      if (last === undefined) throw new Error('no report');
      return last;
    } finally {
      transport.close();
      receiver.close();
    }
  };
});

type OfferedProducer = { id: string };
type Moment = { epochMs: number; rtpTimestamp: number };

/** How much later one clock shows an RTP timestamp than another, milliseconds. */
function betweenMs(one: Moment, other: Moment): number {
  const ticks = (other.rtpTimestamp - one.rtpTimestamp) | 0;
  return other.epochMs - one.epochMs - ticks / 90;
}
