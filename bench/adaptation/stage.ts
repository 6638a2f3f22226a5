import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BoxedChromium, BoxedServer, launchBoxedChromium } from '../../test/support/boxed.ts';
import { type ClientLink, NetworkBox } from '../link/network-box.ts';
import { type Undo, undoing } from '../support/undoing.ts';
import type { Shown, Source } from './sources.ts';
import { WatchedPage } from './watched-page.ts';

/** Somebody who watches something in a box, behind a link that can be made narrow. */
export type Stage = {
  box: NetworkBox;
  /** The Viewer's. */
  link: ClientLink;
  chromium: BoxedChromium;
  shown: Shown;
  folder: string;
};

/** Puts a source on air in a network of its own, and does something there. */
export function onStage<T>(source: Source, act: (stage: Stage) => Promise<T>): Promise<T> {
  return undoing(async (undo) => await act(await build(source, undo)));
}

/** Opens its page. */
export function openWatched({ chromium, shown }: Stage): Promise<WatchedPage> {
  return WatchedPage.open(chromium.browser, `${chromium.url}/watch/${shown.id}`);
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
  const shown = await source.begin({ server, link: publisherLink, folder });
  undo.push(() => shown.end());
  const chromium = await launchBoxedChromium(link.client, link.serverAddress, folder);
  undo.push(() => chromium.browser.close());
  return { box, link, chromium, shown, folder };
}
