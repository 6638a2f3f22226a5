import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, openPage } from '../support/chromium.ts';
import { type LiveServer, STREAM_KEY, startLiveServer, until } from '../support/live-server.ts';
import { publishFromPage, receivedInPage, watchFromPage } from '../support/rtc-pages.ts';

describe("Chromium's bare RTCPeerConnection by WHIP and WHEP", () => {
  let browser: Browser;
  let server: LiveServer;
  const pages: Page[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });

  beforeEach(async () => {
    server = await startLiveServer({ graceSeconds: 10 });
  });

  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await server.close();
  });

  afterAll(() => browser.close());

  const open = async () => {
    const { page } = await openPage(browser, `${server.url}/`);
    pages.push(page);
    return page;
  };

  const goLive = async (options: { simulcast?: boolean; mimeType?: string } = {}) => {
    const before = server.channel.info().broadcastId;
    const page = await open();
    await publishFromPage(page, {
      url: `${server.url}/whip/live`,
      key: STREAM_KEY,
      simulcast: false,
      ...options,
    });
    await until(() => server.channel.info().broadcastId !== before);
    return page;
  };

  const view = async () => {
    const page = await open();
    const { status, session } = await watchFromPage(page, `${server.url}/whep/live`);
    expect(status).toBe(201);
    return { page, session };
  };

  const moreFrames = async (page: Page, count = 20) => {
    const { framesDecoded } = await receivedInPage(page);
    await until(async () => (await receivedInPage(page)).framesDecoded > framesDecoded + count);
  };

  test.each(['video/vp8', 'video/h264'])(
    '%s: frames are decoded, sound arrives',
    async (mimeType) => {
      await goLive({ mimeType });
      const { page } = await view();
      const started = performance.now();
      await moreFrames(page, 0);
      console.info(
        `WHEP ${mimeType}: ${Math.round(performance.now() - started)} ms after the answer`,
      );
      await moreFrames(page);
      expect((await receivedInPage(page)).audioPackets).toBeGreaterThan(10);
    },
  );

  test('simulcast: three Layers arrive; the viewer starts in the lowest and goes up', async () => {
    await goLive({ simulcast: true });
    const { page } = await view();
    await until(async () => (await receivedInPage(page)).frameWidth > 240);
    const flowing = () => {
      const layers = server.publishing.healthOf('live')?.layers ?? [];
      return layers.filter(({ bitrate }) => bitrate > 0).map(({ spatialLayer }) => spatialLayer);
    };
    await until(() => flowing().length === 3);
    expect(flowing()).toEqual([0, 1, 2]);
    expect(server.channel.info().layers).toHaveLength(3);
  });

  test('a publisher that comes back: the same WHEP session goes on without a reload', async () => {
    const publisher = await goLive();
    const { page, session } = await view();
    await moreFrames(page);
    await publisher.close();
    await goLive();
    await moreFrames(page);
    expect((await fetch(session)).status).toBe(204);
    expect(server.channel.viewers).toBe(1);
  });
});
