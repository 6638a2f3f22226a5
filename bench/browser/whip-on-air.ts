import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Figure, figure } from '../support/figure.ts';
import { interleave } from '../support/statistics.ts';
import { LiveChannel } from './live-channel.ts';
import { openOurs, timesOfWaiting, waitOurs } from './our-page.ts';
import { addBareSource, playerModule } from './pages.ts';
import {
  clockOffset,
  connectInPage,
  type DirectTimes,
  makeSender,
  postOffer,
  startTone,
} from './peer-page.ts';
import { type Ends, TwoBrowsers } from './two-browsers.ts';

const ROUNDS = 21;

/** Milliseconds for pages to come to rest, and for the waiting player to be told that nobody is on air. */
const REST_MS = 700;

const SIZE = { width: 1280, height: 720 };
const SENDER = { mimeType: 'video/VP8', maxBitrate: 2_500_000 };

type OnAirTimes = { answeredMs: number; onAirMs: number; firstFrameMs: number };

/** (d) From the POST of a WHIP offer until the Channel is on air, and seen by somebody who waited for it. */
export async function benchWhipOnAir(rounds = ROUNDS): Promise<Figure[]> {
  const module = await playerModule();
  const channel = await LiveChannel.start();
  const browsers = await TwoBrowsers.launch();
  try {
    const { a, b } = await interleave(
      rounds,
      () => browsers.inFreshPages(channel.url, (ends) => measureOurs(ends, channel, module)),
      () => browsers.inFreshPages(channel.url, ({ sender }) => measureDirect(sender)),
    );
    return figuresOf(a, b);
  } finally {
    await browsers.close();
    await channel.stop();
  }
}

function figuresOf(ours: OnAirTimes[], direct: DirectTimes[]): Figure[] {
  return [
    figure({
      name: 'WHIP: from POST to on air (floor: to connected)',
      unit: 'ms',
      ours: ours.map(({ onAirMs }) => onAirMs),
      floor: direct.map(({ connectedMs }) => connectedMs),
      target: { times: 1.5, says: '1.5 x' },
    }),
    figure({
      name: 'WHIP: of which until the answer',
      unit: 'ms',
      ours: ours.map(({ answeredMs }) => answeredMs),
    }),
    figure({
      name: 'WHIP: from POST to the first frame at a waiting Viewer',
      unit: 'ms',
      ours: ours.map(({ firstFrameMs }) => firstFrameMs),
      floor: direct.map(({ firstFrameMs }) => firstFrameMs),
    }),
  ];
}

async function measureOurs(
  { sender, receiver }: Ends,
  channel: LiveChannel,
  module: string,
): Promise<OnAirTimes> {
  await channel.until(false);
  await receiver.evaluate(openOurs, { module, src: channel.id, preload: 'auto' as const });
  await receiver.evaluate(waitOurs);
  await prepareSender(sender);
  const posted = await sender.evaluate(postOffer, { url: channel.whip, key: channel.key });
  const seen = await receiver.evaluate(timesOfWaiting);
  const apartMs = (await receiver.evaluate(clockOffset)) - (await sender.evaluate(clockOffset));
  await sender.evaluate((url) => fetch(url, { method: 'DELETE' }), posted.session);
  return {
    answeredMs: posted.answeredMs - posted.postedMs,
    onAirMs: seen.onAirMs + apartMs - posted.postedMs,
    firstFrameMs: seen.firstFrameMs + apartMs - posted.postedMs,
  };
}

async function measureDirect(sender: Page): Promise<DirectTimes> {
  await prepareSender(sender);
  return await sender.evaluate(connectInPage);
}

/** A source that runs, and an offer of it. */
async function prepareSender(sender: Page): Promise<void> {
  await addBareSource(sender, SIZE);
  await sender.evaluate(startTone);
  await sender.evaluate(makeSender, SENDER);
  await sleep(REST_MS);
}
