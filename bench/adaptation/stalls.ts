import { setTimeout as sleep } from 'node:timers/promises';
import type { LinkShape } from '../link/link-shape.ts';
import type { UdpRelay } from '../link/udp-relay.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { onRelay } from './relayed.ts';
import { TOP_HEIGHT } from './sources.ts';
import type { WatchedPage } from './watched-page.ts';

const MINUTES = 10;
const MINUTE_MS = 60_000;
const LOOK_MS = 500;

const LOSING: LinkShape = { loss: 0.02 };
/** The link goes silent at these parts of the time. */
const STALLS = [0.3, 0.6];
const STALL_MS = 3_000;

/** Does the delay creep up with loss and stalls? The last minute's beside the first one's. */
export function benchStalls({ minutes = MINUTES }: BenchOptions): Promise<Figure[]> {
  return onRelay(async ({ relay, open }) => {
    relay.setShape('down', LOSING);
    const watched = await open();
    if (!(await watched.untilHeight(TOP_HEIGHT, 60_000))) {
      throw new Error('the top Layer never came');
    }
    const looks = await lookFor(watched, relay, minutes * MINUTE_MS);
    return figuresOf(looks, minutes);
  });
}

/** The delay that the player shows, milliseconds, and when, from the beginning. */
type Look = { afterMs: number; latencyMs: number };

async function lookFor(watched: WatchedPage, relay: UdpRelay, forMs: number): Promise<Look[]> {
  const looks: Look[] = [];
  const stalls = STALLS.map((part) => part * forMs);
  const beganMs = performance.now();
  for (;;) {
    const afterMs = performance.now() - beganMs;
    if (afterMs > forMs) return looks;
    if (afterMs > (stalls[0] ?? Number.POSITIVE_INFINITY)) {
      stalls.shift();
      await stall(relay);
    }
    const { latencyMs } = await watched.stats();
    if (latencyMs !== null) looks.push({ afterMs, latencyMs });
    await sleep(LOOK_MS);
  }
}

async function stall(relay: UdpRelay): Promise<void> {
  relay.setShape('down', { loss: 1 });
  relay.setShape('up', { loss: 1 });
  await sleep(STALL_MS);
  relay.setShape('down', LOSING);
  relay.setShape('up', {});
}

function figuresOf(looks: readonly Look[], minutes: number): Figure[] {
  const between = (fromMs: number, toMs: number) =>
    looks
      .filter(({ afterMs }) => afterMs >= fromMs && afterMs < toMs)
      .map(({ latencyMs }) => latencyMs);
  const endMs = minutes * MINUTE_MS;
  const span = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return [
    figure({
      name: `${span} at 2 % loss, two stalls of 3 s: latency in the last one (floor: in the first)`,
      unit: 'ms',
      ours: between(endMs - MINUTE_MS, endMs),
      floor: between(0, MINUTE_MS),
      target: { times: 1.2, says: '1.2 x' },
    }),
  ];
}
