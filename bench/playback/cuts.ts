import { openLibrary } from '../../test/support/library.ts';
import { cutFigures, makeCuts } from '../adaptation/cuts.ts';
import type { Source } from '../adaptation/sources.ts';
import { onStage } from '../adaptation/stage.ts';
import type { WatchedPage } from '../adaptation/watched-page.ts';
import { DATA_DIR } from '../support/media.ts';
import type { Figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { type Film, filmOf } from './films.ts';

/** 540p, 270p and 135p, with so much noise that the best Rendition takes more than a narrow link carries. */
const RESTLESS: Film = {
  title: 'Two restless minutes',
  seconds: 120,
  look: { width: 320, height: 180, enlarged: 3, noise: 24, framesPerSecond: 25, sound: 'tone' },
};

const OPENED_WITHIN_MS = 30_000;

/** A film of the library, made and prepared the first time. */
const FILM: Source = {
  prepare: () => Promise.resolve({ dataFolder: DATA_DIR, files: [] }),
  async begin() {
    const library = await openLibrary({ folder: DATA_DIR, databaseUrl: undefined });
    try {
      const { id, files } = await filmOf({ library }, RESTLESS);
      const layers = files
        .filter(({ role }) => role === 'rendition')
        .map(({ height = 0, bytes }) => ({ height, bitrate: (bytes * 8) / RESTLESS.seconds }))
        .toSorted((one, other) => one.height - other.height);
      return { id, layers, end: async () => undefined };
    } finally {
      await library.close();
    }
  },
};

/** Renditions follow the link as Layers do: the same cuts, and the same limits. */
export async function benchSessionCuts(options: BenchOptions): Promise<Figure[]> {
  return cutFigures(
    'on demand, ',
    await onStage(FILM, (stage) => makeCuts(stage, options, beginAgain)),
  );
}

/** A cut takes some twenty seconds. */
async function beginAgain(watched: WatchedPage): Promise<void> {
  await watched.untilHeight(1, OPENED_WITHIN_MS);
  await watched.page.evaluate(() => {
    if (window.sfumato !== undefined) window.sfumato.currentTime = 2;
  });
  const via = (await watched.stats()).stored?.via;
  if (via !== 'webrtc') throw new Error(`it comes by ${via ?? 'nothing'}`);
}
