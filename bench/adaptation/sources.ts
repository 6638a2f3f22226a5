import type { Page } from 'playwright-core';
import { type BoxedServer, launchBoxedChromium } from '../../test/support/boxed.ts';
import { untilStudio } from '../../test/support/going-live.ts';
import { publishOneLayer } from '../../test/support/one-layer.ts';
import type { ClientLink } from '../link/network-box.ts';
import { DATA_DIR, makeClip } from '../support/media.ts';
import { replaceCamera } from './busy-camera.ts';

/** The height of every source's top Layer, pixels. */
export const TOP_HEIGHT = 720;

const CHANNEL = 'live';

export type Surroundings = {
  server: BoxedServer;
  /** The broadcaster's own, which nothing is done to. */
  link: ClientLink;
  folder: string;
};

/** What feeds the Channel that is watched. */
export type Source = {
  /** @returns what the server starts with, and the folder of its data; a new one by default */
  prepare(): Promise<{ dataFolder?: string; files: string[] }>;
  /** Goes on air. @returns ends it */
  begin(surroundings: Surroundings): Promise<() => Promise<void>>;
};

/** A file, by the Pump: three Layers, nearly 2 Mbit/s in the top one. */
export const FILE: Source = {
  async prepare() {
    // What is made of it is kept for the next run.
    return { dataFolder: DATA_DIR, files: [await restlessClip()] };
  },
  async begin() {
    return async () => undefined;
  },
};

/** The broadcast page, in another namespace: three Layers by the browser's own encoder. */
export const WEBCAM: Source = {
  prepare: nothingPrepared,
  async begin({ server, link, folder }) {
    const key = await server.createChannel(CHANNEL, 'Live');
    const { browser, url } = await launchBoxedChromium(link.client, link.serverAddress, folder);
    await goLive(await browser.newPage(), `${url}/broadcast/${CHANNEL}#key=${key}`);
    return () => browser.close();
  },
};

/** FFmpeg by WHIP, in another namespace: one Layer of 2 Mbit/s, and a ladder below it on demand. */
export const WHIP: Source = {
  prepare: nothingPrepared,
  async begin({ server, link }) {
    const key = await server.createChannel(CHANNEL, 'Live');
    const url = `http://${link.serverAddress}:${server.port}/whip/${CHANNEL}`;
    const inside = (command: readonly string[]) => link.client.command(command);
    const publisher = await publishOneLayer(url, key, { inside });
    return () => publisher.close();
  },
};

export function restlessClip(): Promise<string> {
  return makeClip('restless-30.mp4', { length: 30 });
}

function nothingPrepared(): Promise<{ files: string[] }> {
  return Promise.resolve({ files: [] });
}

async function goLive(page: Page, url: string): Promise<void> {
  await page.addInitScript(replaceCamera);
  await page.goto(url);
  // The first camera of a browser that was just started may take its time.
  await page.getByRole('button', { name: 'Go live' }).click({ timeout: 90_000 });
  await untilStudio(page, ({ phase }) => phase === 'live');
}
