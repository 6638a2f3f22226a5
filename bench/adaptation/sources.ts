import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Layer, channelListSchema } from '../../signaling/contract/index.ts';
import { type BoxedServer, launchBoxedChromium } from '../../test/support/boxed.ts';
import { untilStudio } from '../../test/support/going-live.ts';
import { publishOneLayer } from '../../test/support/one-layer.ts';
import type { ClientLink } from '../link/network-box.ts';
import { DATA_DIR, makeClip } from '../support/media.ts';
import { replaceCamera } from './busy-camera.ts';

/** The height of every Channel's top Layer, pixels. */
export const TOP_HEIGHT = 720;

const CHANNEL = 'live';

export type Surroundings = {
  server: BoxedServer;
  /** The broadcaster's own, which nothing is done to. */
  link: ClientLink;
  folder: string;
};

/** What there is to watch. */
export type Shown = {
  /** In the address of its page. */
  id: string;
  /** Lowest first. */
  layers: readonly Pick<Layer, 'height' | 'bitrate'>[];
  end(): Promise<void>;
};

/** What is watched. */
export type Source = {
  /** @returns what the server starts with, and the folder of its data; a new one by default */
  prepare(): Promise<{ dataFolder?: string; files: string[] }>;
  begin(surroundings: Surroundings): Promise<Shown>;
};

/** A file, by the Pump: three Layers, nearly 2 Mbit/s in the top one. */
export const FILE: Source = {
  async prepare() {
    // What is made of it is kept for the next run.
    return { dataFolder: DATA_DIR, files: [await restlessClip()] };
  },
  async begin({ server }) {
    return await onAir(server, async () => undefined);
  },
};

/** The broadcast page, in another namespace: three Layers by the browser's own encoder. */
export const WEBCAM: Source = {
  prepare: nothingPrepared,
  async begin({ server, link, folder }) {
    const key = await server.createChannel(CHANNEL, 'Live');
    const { browser, url } = await launchBoxedChromium(link.client, link.serverAddress, folder);
    await goLive(await browser.newPage(), `${url}/broadcast/${CHANNEL}#key=${key}`);
    return await onAir(server, () => browser.close());
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
    return await onAir(server, () => publisher.close());
  },
};

export function restlessClip(): Promise<string> {
  return makeClip('restless-30.mp4', { length: 30 });
}

function nothingPrepared(): Promise<{ files: string[] }> {
  return Promise.resolve({ files: [] });
}

/** Preparing the clip may take a while, the first time; and what a Publisher sends is known when it was seen. */
async function onAir(server: BoxedServer, end: () => Promise<void>): Promise<Shown> {
  for (;;) {
    const answer = channelListSchema.parse(JSON.parse(await server.ask('GET', '/api/v1/channels')));
    const live = answer.channels.find((channel) => channel.live);
    if (live?.layers.at(-1)?.height === TOP_HEIGHT) {
      return { id: live.id, layers: live.layers, end };
    }
    await sleep(500);
  }
}

async function goLive(page: Page, url: string): Promise<void> {
  await page.addInitScript(replaceCamera);
  await page.goto(url);
  // The first camera of a browser that was just started may take its time.
  await page.getByRole('button', { name: 'Go live' }).click({ timeout: 90_000 });
  await untilStudio(page, ({ phase }) => phase === 'live');
}
