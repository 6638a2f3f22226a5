import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../../test/support/chromium.ts';
import { untilShown } from './seeing.ts';

const HLS_JS = resolve(import.meta.dirname, '../../node_modules/hls.js/dist/hls.min.js');

/** hls.js as its documentation shows it, but for its worker: pages of our origin allow none of text. */
const START = (url: string) => `
  document.body.replaceChildren();
  const video = document.createElement('video');
  video.muted = true;
  video.style.cssText = 'display: block; width: 100%; aspect-ratio: 16 / 9';
  document.body.append(video);
  // In the place of our player, so that both are looked at by the same eyes.
  window.sfumato = {
    media: { nativeEl: video },
    play: () => video.play(),
    pause: () => video.pause(),
    get currentTime() { return video.currentTime; },
    set currentTime(seconds) { video.currentTime = seconds; },
  };
  const hls = new Hls({ enableWorker: false });
  hls.loadSource(${JSON.stringify(url)});
  hls.attachMedia(video);
  void video.play();
`;

/** A bare page of our origin that plays an Asset's HLS by hls.js. */
export async function openHlsPage(browser: Browser, url: string, assetId: string): Promise<Page> {
  const { page } = await openPage(browser, `${url}/`);
  await page.evaluate(await readFile(HLS_JS, 'utf8'));
  await page.evaluate(START(`/api/v1/assets/${assetId}/hls/master.m3u8`));
  await untilShown(page);
  return page;
}
