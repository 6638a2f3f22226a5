/**
 * Runs in the page, handed over as text: nothing in a function may come from outside it. Our player,
 * driven as a page of somebody else's would drive it.
 */
import type { SfumatoVideo } from '../../client/player/sfumato-video.ts';
import type { BenchWindow, FirstFrame } from './bare-page.ts';

/** Milliseconds since the Unix epoch, by the page's clock. */
export type WaitingTimes = { onAirMs: number; firstFrameMs: number };

type OurWindow = BenchWindow & {
  benchPlayer?: SfumatoVideo;
  benchWaiting?: { onAir: Promise<number>; firstFrame: Promise<number> };
};

/**
 * Puts the player into an empty page. With `preload` it may open its socket and make its certificate;
 * without, everything is left to `play()`.
 */
export async function openOurs(options: {
  /** The built client's module. */
  module: string;
  src: string;
  preload: 'none' | 'auto';
}): Promise<void> {
  const page: OurWindow = window;
  await import(options.module);
  const player = document.createElement('sfumato-video');
  player.setAttribute('preload', options.preload);
  player.setAttribute('src', options.src);
  // As wide as the page: a small player is sent a small Layer.
  player.style.cssText = 'display: block; width: 100%; aspect-ratio: 16 / 9';
  document.body.replaceChildren(player);
  page.benchPlayer = player;
  page.benchVideo = player.nativeEl;
}

/** @returns milliseconds from `play()` to the first frame on the screen */
export async function playOurs(): Promise<FirstFrame> {
  const page: OurWindow = window;
  const { benchPlayer: player, benchVideo: video } = page;
  if (player === undefined || video === undefined) throw new Error('no player');
  const firstFrame = new Promise<number>((resolve) => {
    video.requestVideoFrameCallback((nowMs) => resolve(nowMs));
  });
  const startMs = performance.now();
  await player.play();
  const firstFrameMs = (await firstFrame) - startMs;
  return { firstFrameMs, connectedMs: (page.benchConnectedMs ?? Number.NaN) - startMs };
}

/** Plays a Channel that nobody is on yet: the player waits until somebody is. */
export function waitOurs(): void {
  const page: OurWindow = window;
  const { benchPlayer: player, benchVideo: video } = page;
  if (player === undefined || video === undefined) throw new Error('no player');
  page.benchWaiting = {
    onAir: new Promise((resolve) => {
      player.addEventListener('channelchange', () => {
        if (player.channel?.live) resolve(performance.timeOrigin + performance.now());
      });
    }),
    firstFrame: new Promise((resolve) => {
      video.requestVideoFrameCallback((nowMs) => resolve(performance.timeOrigin + nowMs));
    }),
  };
  void player.play();
}

/** Resolves when somebody is on air and seen. */
export async function timesOfWaiting(): Promise<WaitingTimes> {
  const page: OurWindow = window;
  const { benchWaiting: waiting } = page;
  if (waiting === undefined) throw new Error('nobody waits');
  return { onAirMs: await waiting.onAir, firstFrameMs: await waiting.firstFrame };
}

/** @returns milliseconds from the change of `src` to the first frame of the other Channel, known by its shape */
export async function zapOurs(src: string): Promise<number> {
  const page: OurWindow = window;
  const { benchPlayer: player, benchVideo: video } = page;
  if (player === undefined || video === undefined) throw new Error('no player');
  const before = video.videoWidth / video.videoHeight;
  const changed = new Promise<number>((resolve) => {
    const look = (nowMs: number, { width, height }: VideoFrameCallbackMetadata): void => {
      if (Math.abs(width / height - before) > 0.1) resolve(nowMs);
      else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
  const startMs = performance.now();
  player.setAttribute('src', src);
  return (await changed) - startMs;
}

export type OurFigures = { latencyMs: number | null; layer: number | null };

export function statsOfOurs(): OurFigures {
  const page: OurWindow = window;
  const stats = page.benchPlayer?.stats();
  return { latencyMs: stats?.latencyMs ?? null, layer: stats?.layer ?? null };
}
