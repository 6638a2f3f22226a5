import type { Browser } from 'playwright-core';
import { channelListSchema } from '../../signaling/contract/index.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { freePort } from '../../test/support/free-port.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { createUdpRelay, type UdpRelay } from '../link/udp-relay.ts';
import { DATA_DIR } from '../support/media.ts';
import { undoing } from '../support/undoing.ts';
import { restlessClip } from './sources.ts';
import { WatchedPage } from './watched-page.ts';

/** The browser is told this address for media, at which there is only the relay. */
const TOLD = '127.0.0.2';
const SERVER = '127.0.0.1';

export type Relayed = { relay: UdpRelay; open(): Promise<WatchedPage> };

/** A Viewer behind a relay that delays and loses, which this kernel may not be able to: on loopback, nothing else does. */
export function onRelay<T>(act: (relayed: Relayed) => Promise<T>): Promise<T> {
  return undoing(async (undo) => {
    const port = await freePort();
    const server = await ServerProcess.start({
      files: [await restlessClip()],
      settings: { DATA_DIR, ANNOUNCED_ADDRESS: TOLD, RTC_PORT: String(port) },
    });
    undo.push(() => server.stop());
    const relay = await createUdpRelay({
      listen: { ip: TOLD, port },
      upstream: { ip: SERVER, port },
    });
    undo.push(() => relay.close());
    const browser = await launchChromium();
    undo.push(() => browser.close());
    return await act({ relay, open: () => open(browser, server.url) });
  });
}

async function open(browser: Browser, url: string): Promise<WatchedPage> {
  const answer: unknown = await (await fetch(`${url}/api/v1/channels`)).json();
  const live = channelListSchema.parse(answer).channels.find((channel) => channel.live);
  if (live === undefined) throw new Error('nothing is on air');
  return await WatchedPage.open(browser, `${url}/watch/${live.id}`);
}
