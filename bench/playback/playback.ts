import type { Figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { benchSessionCost } from './cost.ts';
import { benchSessionCuts } from './cuts.ts';
import { benchScrubbing } from './scrubbing.ts';
import { benchSeeks } from './seeks.ts';
import { benchStart } from './start.ts';

/** On demand: parts of the bench. */
export const PLAYBACK: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  'playback-start': benchStart,
  'playback-seeks': benchSeeks,
  'playback-scrubbing': benchScrubbing,
  'playback-cuts': benchSessionCuts,
  'playback-cost': benchSessionCost,
};
