import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { readBlockCode } from '../../server/library/demo/block-code.ts';

/** What was to be seen from a moment on: the number in the picture, and how tall the video was. */
export type Look = {
  /** Milliseconds from the beginning of the looking. */
  atMs: number;
  /** Null where it could not be read. */
  value: number | null;
  /** Of what was seen, in pixels of its own. */
  height: number;
};

export type Looking = {
  /** To set the player's `currentTime` to as the looking begins, seconds. */
  to?: number | undefined;
  /** It is over as soon as one of these numbers, first to last, is seen ... */
  wanted?: readonly [first: number, last: number] | undefined;
  /** ... in pictures of so many lines at least ... */
  tall?: number;
  /** ... and so many milliseconds have gone by since then, or since the beginning. */
  thenMs: number;
  /** Milliseconds after which it is given up. */
  withinMs: number;
};

/**
 * Runs in the page: looks at every frame of the screen, as a person does, and notes what changes. The picture is the
 * player's `<video>` with what it draws over it.
 */
async function lookAt(
  read: typeof readBlockCode,
  { to, wanted, tall = 0, thenMs, withinMs }: Looking,
): Promise<Look[]> {
  const player = window.sfumato;
  const video = player?.media?.nativeEl;
  if (player === undefined || video === undefined) throw new Error('the page has no player');
  const small = new OffscreenCanvas(256, 144);
  const context = small.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  const isSeen = (element: HTMLElement) => {
    const { display, visibility, opacity } = getComputedStyle(element);
    return display !== 'none' && visibility === 'visible' && opacity !== '0';
  };
  const shown = () => {
    context.clearRect(0, 0, small.width, small.height);
    const root = video.getRootNode();
    const over = root instanceof ShadowRoot ? root.querySelectorAll('canvas') : [];
    // One that nothing was drawn on yet is transparent.
    const drawn = [...over].filter((layer) => layer.width * layer.height > 0 && isSeen(layer));
    for (const layer of [video, ...drawn]) {
      context.drawImage(layer, 0, 0, small.width, small.height);
    }
    const { data } = context.getImageData(0, 0, small.width, small.height);
    const height = drawn.at(-1)?.height ?? video.videoHeight;
    return { value: read(data, small.width, small.height), height };
  };
  const looks: Look[] = [];
  const startMs = performance.now();
  if (to !== undefined) player.currentTime = to;
  let foundMs = wanted === undefined ? 0 : Number.POSITIVE_INFINITY;
  for (;;) {
    const { value, height } = shown();
    const atMs = performance.now() - startMs;
    const [first, last] = wanted ?? [0, -1];
    const found = value !== null && value >= first && value <= last && height >= tall;
    const isFirst = found && foundMs === Number.POSITIVE_INFINITY;
    if (isFirst) foundMs = atMs;
    const isOther = looks.length === 0 || value !== looks.at(-1)?.value;
    if (isOther || (isFirst && tall > 0)) looks.push({ atMs, value, height });
    if (atMs >= foundMs + thenMs || atMs >= withinMs) return looks;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Looks for a while, or until a picture is there. The first of them is what was to be seen before. */
export function look(page: Page, looking: Looking): Promise<Look[]> {
  // As text: the page's own content security policy lets it make no functions of text.
  const call = `(${lookAt.toString()})(${readBlockCode.toString()}, ${JSON.stringify(looking)})`;
  return page.evaluate(call);
}

/** The number in the picture that the page's player shows now; null where none can be read. */
export async function shownNumber(page: Page): Promise<number | null> {
  const [now] = await look(page, { thenMs: 0, withinMs: 0 });
  return now?.value ?? null;
}

/** The same by a photograph of the screen. */
export async function photographedNumber(page: Page): Promise<number | null> {
  const clip = await page.evaluate(boxOfPicture);
  const photograph = await page.screenshot({ clip });
  const image = sharp(photograph).ensureAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return readBlockCode(data, info.width, info.height);
}

/** Runs in the page: where the picture is, without the bars beside it. */
function boxOfPicture() {
  const video = window.sfumato?.media?.nativeEl;
  if (video === undefined || video.videoWidth === 0) throw new Error('the page shows no picture');
  const { left, top, width, height } = video.getBoundingClientRect();
  const scale = Math.min(width / video.videoWidth, height / video.videoHeight);
  const [wide, tall] = [video.videoWidth * scale, video.videoHeight * scale];
  return { x: left + (width - wide) / 2, y: top + (height - tall) / 2, width: wide, height: tall };
}

/** Different pictures that were seen, in their order. */
export function numbersOf(looks: readonly Look[]): number[] {
  return looks.flatMap(({ value }) => value ?? []);
}
