import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { SUBPROTOCOL } from '../../signaling/contract/index.ts';
import { look, shownNumber } from '../../test/support/shown-picture.ts';

/** Longer than this nobody waits, milliseconds. */
const GIVEN_UP_MS = 20_000;

/** Waits for the first picture. */
export async function untilShown(page: Page): Promise<void> {
  while ((await shownNumber(page)) === null) await sleep(50);
}

export type Seek = {
  /** From the order to the frame of the screen in which the picture is to be seen. */
  ms: number;
  /** How tall the Rendition was. */
  height: number;
  /** What was seen first of the new place, less the wanted number. */
  offBy: number;
};

/** How many pictures after the wanted one are taken for it while it plays. */
const LATE = 3;

export type SeekOptions = {
  framesPerSecond: number;
  playing: boolean;
  /** Only a Rendition of so many lines will do. */
  tall?: number;
};

/** Goes to a picture, and waits until it is seen. @throws {Error} where it never comes */
export async function seek(
  page: Page,
  wanted: number,
  { framesPerSecond, playing, tall }: SeekOptions,
): Promise<Seek> {
  const last = wanted + (playing ? LATE : 0);
  const looks = await look(page, {
    to: (wanted + 0.5) / framesPerSecond,
    wanted: [wanted, last],
    ...(tall !== undefined && { tall }),
    thenMs: 0,
    withinMs: GIVEN_UP_MS,
  });
  const seen = looks.at(-1);
  if (
    seen?.value === undefined ||
    seen.value === null ||
    seen.value < wanted ||
    seen.value > last
  ) {
    throw new Error(`picture ${wanted} never came; ${JSON.stringify(looks.slice(-5))}`);
  }
  return { ms: seen.atMs, height: seen.height, offBy: seen.value - wanted };
}

/** Places far from each other, the same in each run. */
export function places(count: number, pictures: number): number[] {
  const found: number[] = [];
  let state = 11;
  while (found.length < count) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const number = Math.floor((state / 2 ** 32) * pictures);
    if (Math.abs(number - (found.at(-1) ?? 0)) > pictures / 50) found.push(number);
  }
  return found;
}

/** The way there and back of a request, milliseconds: `readClock` over a socket of its own, the median of thirty. */
export async function roundTripMs(page: Page): Promise<number> {
  return await page.evaluate(askClock, SUBPROTOCOL);
}

/** Runs in the page. */
async function askClock(protocol: string): Promise<number> {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/signal`, protocol);
  const next = () =>
    new Promise<void>((resolve, reject) => {
      socket.addEventListener('message', () => resolve(), { once: true });
      socket.addEventListener('close', () => reject(new Error('the socket was closed')));
    });
  await next();
  const times: number[] = [];
  for (let id = 1; id <= 30; id += 1) {
    const answered = next();
    const startMs = performance.now();
    socket.send(JSON.stringify({ id, method: 'readClock', data: {} }));
    await answered;
    times.push(performance.now() - startMs);
  }
  socket.close();
  return times.toSorted((a, b) => a - b)[15] ?? Number.NaN;
}
