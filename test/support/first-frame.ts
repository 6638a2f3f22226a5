import type { Frame } from 'playwright-core';
import { until } from './live-server.ts';

/** The name that `noteFirstFrame` is to be given. */
export const NOTED = 'firstFrameMs';

/**
 * For `addInitScript`: notes when the first frame of any `<video>` of a page was presented, for whom somebody asked by
 * `requestVideoFrameCallback`.
 */
export function noteFirstFrame(name: string): void {
  const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function askAndNote(callback) {
    return ask.call(this, (nowMs, frame) => {
      if (!Reflect.has(window, name)) Reflect.set(window, name, nowMs);
      callback(nowMs, frame);
    });
  };
}

/** @returns milliseconds since the navigation of the frame began */
export async function firstFrameMs(frame: () => Frame | undefined): Promise<number> {
  let noted: unknown;
  await until(async () => {
    noted = await frame()?.evaluate((name): unknown => Reflect.get(window, name), NOTED);
    return typeof noted === 'number';
  });
  return Number(noted);
}
