import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelInfo, channelListSchema } from '../../signaling/contract/index.ts';
import { type BoxedChromium, BoxedServer, launchBoxedChromium } from '../../test/support/boxed.ts';
import { type ClientLink, NetworkBox } from '../link/network-box.ts';
import { type Undo, undoing } from '../support/undoing.ts';
import type { Source } from './sources.ts';
import { WatchedPage } from './watched-page.ts';

/** Somebody who watches a Channel in a box, behind a link that can be made narrow. */
export type Stage = {
  box: NetworkBox;
  /** The Viewer's. */
  link: ClientLink;
  chromium: BoxedChromium;
  channel: ChannelInfo;
  folder: string;
};

/** Puts a source on air in a network of its own, and does something there. */
export function onStage<T>(source: Source, act: (stage: Stage) => Promise<T>): Promise<T> {
  return undoing(async (undo) => await act(await build(source, undo)));
}

/** Opens the Channel's page. */
export function openWatched({ chromium, channel }: Stage): Promise<WatchedPage> {
  return WatchedPage.open(chromium.browser, `${chromium.url}/watch/${channel.id}`);
}

async function build(source: Source, undo: Undo): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-adaptation-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const { dataFolder = folder, files } = await source.prepare();
  const box = await NetworkBox.create({ clients: 2 });
  undo.push(() => box.close());
  const [link, publisherLink] = box.links;
  if (link === undefined || publisherLink === undefined) throw new Error('the box has no links');
  const server = await BoxedServer.start(box.server, dataFolder, files);
  undo.push(() => server.stop());
  undo.push(await source.begin({ server, link: publisherLink, folder }));
  const channel = await onAir(server);
  const chromium = await launchBoxedChromium(link.client, link.serverAddress, folder);
  undo.push(() => chromium.browser.close());
  return { box, link, chromium, channel, folder };
}

/** Preparing the clip may take a while, the first time. */
async function onAir(server: BoxedServer): Promise<ChannelInfo> {
  for (;;) {
    const answer = channelListSchema.parse(JSON.parse(await server.ask('GET', '/api/v1/channels')));
    const live = answer.channels.find((channel) => channel.live);
    if (live !== undefined) return live;
    await sleep(500);
  }
}
