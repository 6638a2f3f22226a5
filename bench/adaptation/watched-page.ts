import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../../test/support/chromium.ts';
import { type PlayerStats, statsOf } from '../../test/support/watching.ts';
import type { PresentedFrame } from './frame-times.ts';

type LoggingWindow = Window & { benchFrames?: PresentedFrame[] };

/** A page with a video, ours or another's, whose every presented picture is noted. */
export class WatchedPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string): Promise<WatchedPage> {
    const { page } = await openPage(browser, url);
    // The page of a film makes its player when it knows what it is.
    await page.waitForFunction(
      () => window.sfumato?.media?.nativeEl ?? document.querySelector('video'),
    );
    await page.evaluate(noteFrames);
    return new WatchedPage(page);
  }

  async nowMs(): Promise<number> {
    return await this.page.evaluate(() => performance.now());
  }

  /** All pictures so far. */
  async frames(): Promise<PresentedFrame[]> {
    return await this.page.evaluate(() => {
      const page: LoggingWindow = window;
      return page.benchFrames ?? [];
    });
  }

  async stats(): Promise<PlayerStats> {
    return await statsOf(this.page);
  }

  /** @returns whether a picture of at least this height was presented in time */
  async untilHeight(height: number, withinMs: number): Promise<boolean> {
    const sinceMs = await this.nowMs();
    for (;;) {
      const last = await this.#lastFrame();
      if (last !== null && last.atMs >= sinceMs && last.height >= height) return true;
      if ((await this.nowMs()) - sinceMs > withinMs) return false;
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #lastFrame(): Promise<PresentedFrame | null> {
    return await this.page.evaluate(() => {
      const page: LoggingWindow = window;
      return page.benchFrames?.at(-1) ?? null;
    });
  }
}

/** Runs in the page. */
function noteFrames(): void {
  const page: LoggingWindow = window;
  const frames: PresentedFrame[] = [];
  page.benchFrames = frames;
  const video = window.sfumato?.media?.nativeEl ?? document.querySelector('video');
  if (video === null) throw new Error('the page has no video');
  const note = (atMs: number, { height }: VideoFrameCallbackMetadata): void => {
    frames.push({ atMs, height });
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
}
