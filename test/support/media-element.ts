import type { Page } from 'playwright-core';

const TYPES = [
  'play',
  'pause',
  'playing',
  'waiting',
  'seeking',
  'seeked',
  'timeupdate',
  'durationchange',
  'ratechange',
  'ended',
  'emptied',
  'error',
  'volumechange',
] as const;

type Told = { type: string; at: number };
type RecordingWindow = Window & {
  testEvents?: Told[];
  testKeys?: Map<string, MediaSessionActionHandler | null>;
};

/** From now on notes what the page's media element tells. */
export async function recordEvents(page: Page): Promise<void> {
  await page.evaluate((types) => {
    const view: RecordingWindow = window;
    const media = window.sfumato?.media;
    if (media === null || media === undefined) throw new Error('the page has no player');
    const first = view.testEvents === undefined;
    const events: Told[] = [];
    view.testEvents = events;
    if (!first) return;
    for (const type of types)
      media.addEventListener(type, () => view.testEvents?.push({ type, at: media.currentTime }));
  }, TYPES);
}

/** The types of events since `recordEvents`, in their order, each run of one type once. */
export async function eventsTold(page: Page): Promise<string[]> {
  const types = await allTold(page);
  return types.filter((type, index) => type !== types[index - 1]);
}

/** How often an event of this type came since `recordEvents`. */
export async function timesTold(page: Page, wanted: string): Promise<number> {
  return (await allTold(page)).filter((type) => type === wanted).length;
}

async function allTold(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { testEvents = [] }: RecordingWindow = window;
    return testEvents.map(({ type }) => type);
  });
}

/** Runs in the page before its own scripts: keeps the handlers of media keys. */
export function keepMediaKeys(): void {
  const view: RecordingWindow = window;
  const handlers = new Map<string, MediaSessionActionHandler | null>();
  view.testKeys = handlers;
  const session = navigator.mediaSession;
  const set = session.setActionHandler.bind(session);
  session.setActionHandler = (action, handler) => {
    handlers.set(action, handler);
    set(action, handler);
  };
}

/** As a media key, or a lock screen, does it. @returns false where nobody hears it */
export async function pressMediaKey(page: Page, details: MediaSessionActionDetails) {
  return await page.evaluate((pressed) => {
    const { testKeys }: RecordingWindow = window;
    const handler = testKeys?.get(pressed.action) ?? null;
    handler?.(pressed);
    return handler !== null;
  }, details);
}

/** The words of the captions that are to be seen. */
export async function captionsSeen(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const { shadowRoot } = window.sfumato?.media ?? {};
    return shadowRoot?.querySelector('.captions')?.textContent?.trim() ?? '';
  });
}
