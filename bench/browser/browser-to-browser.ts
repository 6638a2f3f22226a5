import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { untilStudio } from '../../test/support/going-live.ts';
import { type Figure, figure } from '../support/figure.ts';
import { median } from '../support/statistics.ts';
import { bareDrawnMs, startBareSource, watchConnections } from './bare-page.ts';
import {
  type ReceiverTimes,
  receiverTimes,
  type SenderTimes,
  senderTimes,
} from './connection-times.ts';
import { drawnLatenciesMs } from './latency.ts';
import { LiveChannel } from './live-channel.ts';
import { openOurs, playOurs } from './our-page.ts';
import { addBareSource, bareOptions, playerModule, readFrames } from './pages.ts';
import {
  clockOffset,
  makeReceiver,
  makeSender,
  postOffer,
  receiverCounters,
  replaceDevices,
  senderCounters,
  takeAnswer,
  untilFirstFrame,
} from './peer-page.ts';
import { type Ends, TwoBrowsers } from './two-browsers.ts';

const ROUNDS = 7;

/** Milliseconds until encoder, bandwidth estimate and jitter buffer have found their pace, and of the reading. */
const SETTLE_MS = 6_000;
const READ_MS = 4_000;

const SIZE = { width: 1280, height: 720 };
/** As the broadcast page sends its top Layer on a machine without a hardware encoder. */
const SENDER = { mimeType: 'video/VP8', maxBitrate: 2_500_000 };

type Measured = ReceiverTimes &
  SenderTimes & {
    /** Median, milliseconds. */
    latencyMs: number;
    /** Pictures that were read, of those presented. */
    readShare: number;
    /** Pixels of the last picture. */
    height: number;
  };

/** (e) From the drawing of a picture to its display in another browser, through us and directly. */
export async function benchBrowserToBrowser(rounds = ROUNDS): Promise<Figure[]> {
  const module = await playerModule();
  const channel = await LiveChannel.start();
  const browsers = await TwoBrowsers.launch();
  const inPages = (connect: (ends: Ends) => Promise<void>) =>
    browsers.inFreshPages(channel.url, async (ends) => {
      await channel.until(false);
      await connect(ends);
      return await measure(ends);
    });
  const sides: Sides = { page: [], pageDirect: [], whip: [], direct: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      sides.page.push(await inPages((ends) => connectByPage(ends, channel, module)));
      sides.pageDirect.push(await inPages((ends) => connectPageDirectly(ends, channel)));
      sides.whip.push(await inPages((ends) => connectByWhip(ends, channel, module)));
      sides.direct.push(await inPages(connectDirectly));
    }
  } finally {
    await browsers.close();
    await channel.stop();
  }
  return [
    ...figuresOf('our broadcast page', sides.page, sides.pageDirect),
    ...figuresOf('a bare page by WHIP', sides.whip, sides.direct),
  ];
}

type Sides = Record<'page' | 'pageDirect' | 'whip' | 'direct', Measured[]>;

const TARGET = { times: 1.15, says: '1.15 x' };

function figuresOf(sender: string, ours: Measured[], direct: Measured[]): Figure[] {
  const line = (what: string, unit: string, of: (measured: Measured) => number) => ({
    name: `browser to browser, ${sender}${what}`,
    unit,
    ours: ours.map(of),
    floor: direct.map(of),
  });
  return [
    figure({ ...line('', 'ms', ({ latencyMs }) => latencyMs), target: TARGET }),
    figure(line(': encoding', 'ms', ({ encodeMs }) => encodeMs)),
    figure(line(': encoder to socket', 'ms', ({ sendDelayMs }) => sendDelayMs)),
    figure(line(': jitter buffer', 'ms', ({ jitterBufferMs }) => jitterBufferMs)),
    figure(line(': first packet to decoded', 'ms', ({ processingMs }) => processingMs)),
    figure(line(': height of the picture', 'px', ({ height }) => height)),
    figure(line(': pictures', '/s', ({ framesPerSecond }) => framesPerSecond)),
    figure(line(': received', 'kbit/s', ({ kilobits }) => kilobits)),
    figure(line(': pictures read', '%', ({ readShare }) => readShare * 100)),
  ];
}

async function connectByPage(ends: Ends, channel: LiveChannel, module: string): Promise<void> {
  const { sender } = ends;
  await openBroadcastPage(sender, channel);
  await sender.getByRole('button', { name: 'Go live' }).click();
  await untilStudio(sender, ({ phase }) => phase === 'live');
  await watchOurs(ends, channel, module);
}

/** The same page with its preview and meter, but what it shows is sent directly: one Layer. */
async function connectPageDirectly(ends: Ends, channel: LiveChannel): Promise<void> {
  await openBroadcastPage(ends.sender, channel);
  await connectTo(ends, await ends.sender.evaluate(makeSender, SENDER));
}

/** The broadcast page, with a canvas in place of the camera. */
async function openBroadcastPage(sender: Page, channel: LiveChannel): Promise<void> {
  const scripts = [
    `(${watchConnections.toString()})()`,
    `(${startBareSource.toString()})(${JSON.stringify(bareOptions(SIZE))})`,
    `(${replaceDevices.toString()})()`,
  ];
  await sender.addInitScript(`${scripts.join(';\n')};`);
  await sender.goto(channel.broadcastLink);
  await sender.getByRole('button', { name: 'Go live' }).waitFor();
}

/** The same page as the floor's: one Layer, by WHIP. */
async function connectByWhip(ends: Ends, channel: LiveChannel, module: string): Promise<void> {
  await offerOf(ends.sender);
  await ends.sender.evaluate(postOffer, { url: channel.whip, key: channel.key });
  await watchOurs(ends, channel, module);
}

async function watchOurs({ receiver }: Ends, channel: LiveChannel, module: string): Promise<void> {
  await channel.until(true);
  await receiver.evaluate(openOurs, { module, src: channel.id, preload: 'auto' as const });
  await receiver.evaluate(playOurs);
}

async function connectDirectly(ends: Ends): Promise<void> {
  await connectTo(ends, await offerOf(ends.sender));
}

async function connectTo({ sender, receiver }: Ends, offer: string): Promise<void> {
  const answer = await receiver.evaluate(makeReceiver, offer);
  const firstFrame = receiver.evaluate(untilFirstFrame);
  await sender.evaluate(takeAnswer, answer);
  await firstFrame;
}

async function offerOf(sender: Page): Promise<string> {
  await addBareSource(sender, SIZE);
  return await sender.evaluate(makeSender, SENDER);
}

async function measure({ sender, receiver }: Ends): Promise<Measured> {
  await sleep(SETTLE_MS);
  const before = await countersOf({ sender, receiver });
  const readings = await readFrames(receiver, READ_MS);
  const after = await countersOf({ sender, receiver });
  const drawnMs = new Map(await sender.evaluate(bareDrawnMs));
  const apartMs = (await receiver.evaluate(clockOffset)) - (await sender.evaluate(clockOffset));
  const latencies = drawnLatenciesMs(readings, drawnMs);
  return {
    ...receiverTimes(before.received, after.received, READ_MS),
    ...senderTimes(before.sent, after.sent),
    latencyMs: median(latencies) + apartMs,
    readShare: latencies.length / readings.length,
    height: readings.at(-1)?.height ?? 0,
  };
}

async function countersOf({ sender, receiver }: Ends) {
  const [sent, received] = await Promise.all([
    sender.evaluate(senderCounters),
    receiver.evaluate(receiverCounters),
  ]);
  return { sent, received };
}
