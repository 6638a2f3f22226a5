import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { recordLog } from './run-record.ts';

/** No graphics card, no talk with the outside; everything else as people have it. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Autoplay = 'allowed' | 'afterGesture';

const POLICIES: Record<Autoplay, string> = {
  allowed: 'no-user-gesture-required',
  afterGesture: 'document-user-activation-required',
};

/** Two cameras and microphones of Chromium's own, allowed without being asked for. */
export const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream=device-count=2',
  '--use-fake-ui-for-media-stream',
];

/** The tab itself is what is shown, without a question. */
export const OWN_TAB = [
  '--auto-accept-this-tab-capture',
  '--auto-select-tab-capture-source-by-title=Live',
];

export const CHROMIUM_PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/**
 * A Chromium with a fresh profile.
 *
 * @param further command line arguments
 * @param executablePath what to start instead, which starts it in its own way
 */
export function launchChromium(
  autoplay: Autoplay = 'allowed',
  further: readonly string[] = [],
  executablePath = CHROMIUM_PATH,
): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...ARGUMENTS, `--autoplay-policy=${POLICIES[autoplay]}`, ...further],
  });
}

export type TestPage = {
  page: Page;
  /** What a person would see in the developer tools: errors that nobody caught, broken rules. */
  complaints: string[];
};

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<TestPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => recordLog('urls', request.url()));
  page.on('websocket', (socket) => recordLog('urls', socket.url()));
  await page.goto(url);
  return { page, complaints };
}
