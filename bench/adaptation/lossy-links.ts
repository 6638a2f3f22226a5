import type { LinkShape } from '../link/link-shape.ts';
import { type Figure, figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { WIDE } from './cuts.ts';
import { onRelay, type Relayed } from './relayed.ts';
import { TOP_HEIGHT } from './sources.ts';
import { watchMinutes } from './steady-links.ts';

const MINUTES = 5;

/** What is done to what the Viewer receives; the way back is a good one. The jitter is spread evenly over its range. */
const LINKS: Record<string, LinkShape> = {
  '5 % loss': { rate: WIDE, loss: 0.05 },
  '100 +- 30 ms': { rate: WIDE, delay: 70, jitter: 60 },
};

/** How long the picture stands still in a minute on a link of 4 Mbit/s that loses or delays. */
export function benchLossyLinks({ rounds = MINUTES }: BenchOptions): Promise<Figure[]> {
  return onRelay(async (relayed) => {
    const figures: Figure[] = [];
    for (const [name, shape] of Object.entries(LINKS)) {
      figures.push(...(await lossy(relayed, name, shape, rounds)));
    }
    return figures;
  });
}

async function lossy(
  { relay, open }: Relayed,
  name: string,
  shape: LinkShape,
  minutes: number,
): Promise<Figure[]> {
  relay.setShape('down', shape);
  const watched = await open();
  const seen = await watchMinutes(watched, minutes);
  await watched.close();
  return [
    figure({
      name: `4 Mbit/s, ${name}: frozen in a minute`,
      unit: 'ms',
      ours: seen.map((minute) => minute.frozenMs),
      target: { plus: 1_000, says: '1 s' },
    }),
    figure({
      name: `4 Mbit/s, ${name}: share of the time below the top Layer`,
      unit: '%',
      ours: seen.map((minute) => 100 * (1 - minute.shareAtLeast(TOP_HEIGHT))),
    }),
  ];
}
