import type { Browser, Page } from 'playwright-core';
import { FAKE_DEVICES, launchChromium } from '../../test/support/chromium.ts';
import { inFreshPage } from './pages.ts';

export type Ends = { sender: Page; receiver: Page };

/** Whoever broadcasts and whoever watches, each in a browser of their own: no page is in the background. */
export class TwoBrowsers {
  readonly #sender: Browser;
  readonly #receiver: Browser;

  private constructor(sender: Browser, receiver: Browser) {
    this.#sender = sender;
    this.#receiver = receiver;
  }

  static async launch(): Promise<TwoBrowsers> {
    const sender = await launchChromium('allowed', FAKE_DEVICES);
    return new TwoBrowsers(sender, await launchChromium('allowed', FAKE_DEVICES));
  }

  /** Does something in two pages that nobody has used, and closes them. */
  async inFreshPages<T>(serverUrl: string, act: (ends: Ends) => Promise<T>): Promise<T> {
    return await inFreshPage(this.#sender, serverUrl, (sender) =>
      inFreshPage(this.#receiver, serverUrl, async (receiver) => {
        await Promise.all([sender, receiver].map(requireVisible));
        return await act({ sender, receiver });
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#sender.close(), this.#receiver.close()]);
  }
}

/** A page that is not seen is throttled, and draws nothing. */
async function requireVisible(page: Page): Promise<void> {
  const state = await page.evaluate(() => document.visibilityState);
  if (state !== 'visible') throw new Error(`The page is ${state}.`);
}
