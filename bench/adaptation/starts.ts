import { type Figure, figure } from '../support/figure.ts';
import { prepare } from '../support/media.ts';
import type { BenchOptions } from '../support/options.ts';
import { interleave } from '../support/statistics.ts';
import { undoing } from '../support/undoing.ts';
import { startBareSite } from './bare-site.ts';
import { WIDE } from './cuts.ts';
import { heightAfterMs } from './frame-times.ts';
import { FILE, restlessClip, TOP_HEIGHT } from './sources.ts';
import { onStage, type Stage } from './stage.ts';
import { WatchedPage } from './watched-page.ts';

const STARTS = 7;
/** The floor may take its time. */
const WITHIN_MS = 60_000;

/**
 * From opening the page to the top Layer on a link that carries it; beside it mediasoup as its documentation shows it,
 * on the same link, fed by the same Pump with the same Renditions.
 */
export function benchStarts({ rounds = STARTS }: BenchOptions): Promise<Figure[]> {
  return onStage(FILE, (stage) =>
    undoing(async (undo) => {
      const bare = await startBareSite(stage, await prepare(await restlessClip()));
      undo.push(() => bare.end());
      await stage.link.setBottleneck('down', { rate: WIDE });
      const { a, b } = await interleave(
        rounds,
        () => topAfterMs(stage, `${stage.chromium.url}/watch/${stage.shown.id}`),
        () => topAfterMs(stage, bare.url),
      );
      return [
        figure({
          name: 'cold start at 4 Mbit/s: top Layer after opening the page (floor: plain mediasoup)',
          unit: 'ms',
          ours: a,
          floor: b,
          target: { plus: 3_000, says: '3 s' },
        }),
      ];
    }),
  );
}

/** Every page is one that nobody has used: nothing is remembered of the link. */
async function topAfterMs({ chromium }: Stage, url: string): Promise<number> {
  const watched = await WatchedPage.open(chromium.browser, url);
  await watched.untilHeight(TOP_HEIGHT, WITHIN_MS);
  const afterMs = heightAfterMs(await watched.frames(), 0, TOP_HEIGHT);
  await watched.close();
  return afterMs ?? Number.POSITIVE_INFINITY;
}
