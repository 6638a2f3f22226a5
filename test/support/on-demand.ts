import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { until } from './live-server.ts';
import { look, numbersOf } from './shown-picture.ts';
import { untilStats } from './watching.ts';

type PeerWindow = Window & { testPeers?: RTCPeerConnection[] };

/** Runs in the page before its own scripts: keeps every peer connection that it makes. */
function keepPeers(): void {
  const page: PeerWindow = window;
  const peers: RTCPeerConnection[] = [];
  page.testPeers = peers;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
}

/** Opens the page of something stored in a context of its own, and waits for moving pictures. */
export async function openFilm(
  browser: Browser,
  address: string,
  options: BrowserContextOptions & { prepare?: (page: Page) => Promise<unknown> } = {},
): Promise<Page> {
  const { prepare, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...rest });
  const page = await context.newPage();
  await page.addInitScript(keepPeers);
  await prepare?.(page);
  await page.goto(address);
  await until(() => page.evaluate(() => (window.sfumato?.stats() ?? null) !== null));
  await untilStats(page, ({ framesPresented }) => framesPresented > 5);
  return page;
}

/** How often a page is opened anew until it comes over WebRTC. */
const TRIES = 6;

/**
 * The same, over WebRTC. A player has three seconds to get that far, and then plays by HLS: on a machine that has much else
 * to do it may, and another page is opened.
 */
export async function openOverWebRtc(
  ...[browser, address, options]: Parameters<typeof openFilm>
): Promise<Page> {
  for (let tries = 1; ; tries += 1) {
    const page = await openFilm(browser, address, options);
    const way = await wayOf(page);
    if (way === 'webrtc') return page;
    await page.context().close();
    if (tries === TRIES) throw new Error(`it comes by ${way}`);
  }
}

/** How the film comes now. */
export async function wayOf(page: Page): Promise<string> {
  return await page.evaluate(() => String(window.sfumato?.stats()?.stored?.via));
}

/** How many peer connections the page has made. */
export async function peerCount(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const { testPeers = [] }: PeerWindow = window;
    return testPeers.length;
  });
}

/** What the page's last peer connection says of what arrives, by `getStats()`: sums since its beginning. */
export async function inbound(
  page: Page,
  kind: 'audio' | 'video',
): Promise<Record<string, number>> {
  return await page.evaluate(async (wanted) => {
    const { testPeers = [] }: PeerWindow = window;
    const report = await testPeers.at(-1)?.getStats();
    for (const entry of report?.values() ?? []) {
      if (entry.type !== 'inbound-rtp' || entry.kind !== wanted) continue;
      const numbers: Record<string, number> = {};
      for (const [name, value] of Object.entries(entry)) {
        if (typeof value === 'number') numbers[name] = value;
      }
      return numbers;
    }
    return {};
  }, kind);
}

export async function pause(page: Page): Promise<void> {
  await page.evaluate(() => window.sfumato?.pause());
  await untilStats(page, ({ condition }) => condition === 'paused');
}

export async function play(page: Page): Promise<void> {
  await page.evaluate(() => window.sfumato?.play());
  await untilStats(page, ({ condition }) => condition === 'playing');
}

/** What the page's media element says. */
export function mediaState(page: Page) {
  return page.evaluate(() => {
    const media = window.sfumato?.media;
    return {
      currentTime: media?.currentTime ?? Number.NaN,
      duration: media?.duration ?? Number.NaN,
      seeking: media?.seeking ?? false,
      ended: media?.ended ?? false,
      paused: media?.paused ?? true,
      playbackRate: media?.playbackRate ?? Number.NaN,
    };
  });
}

/** Film pictures a second of the screen's time, over a while. */
export async function pace(page: Page, forMs: number): Promise<number> {
  const looks = await look(page, { thenMs: forMs, withinMs: forMs });
  const [first, last] = [looks[1], looks.at(-1)];
  if (first === undefined || last === undefined || last === first) return 0;
  return (
    (((last.value ?? Number.NaN) - (first.value ?? Number.NaN)) * 1000) / (last.atMs - first.atMs)
  );
}

/** Do pictures go on, each later than the one before? */
export function goesOn(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}

export { numbersOf };

/** Numbers that look random and are the same in every run (Numerical Recipes' generator). */
export function* scattered(seed = 1): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}
