import type { Figure } from '../support/figure.ts';
import type { BenchOptions } from '../support/options.ts';
import { cutFigures, makeCuts } from './cuts.ts';
import { benchLossyLinks } from './lossy-links.ts';
import { writePlot } from './plot.ts';
import { FILE, WEBCAM, WHIP } from './sources.ts';
import { onStage } from './stage.ts';
import { benchStalls } from './stalls.ts';
import { benchStarts } from './starts.ts';
import { benchSteadyLinks } from './steady-links.ts';

/** Which Layer a Viewer gets behind a real bottleneck, by the name of each part. */
export const ADAPTATION: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  'adaptation-start': benchStarts,
  'adaptation-cuts': benchCutsOfFile,
  'adaptation-cuts-webcam': async (options) =>
    cutFigures('webcam, ', await onStage(WEBCAM, (stage) => makeCuts(stage, options))),
  'adaptation-cuts-whip': async (options) =>
    cutFigures('one Layer by WHIP, ', await onStage(WHIP, (stage) => makeCuts(stage, options))),
  'adaptation-steady': benchSteadyLinks,
  'adaptation-lossy': benchLossyLinks,
  'adaptation-stalls': benchStalls,
};

/** The picture in docs/adaptation.md is one of these, of a usual run. */
async function benchCutsOfFile(options: BenchOptions): Promise<Figure[]> {
  const outcomes = await onStage(FILE, (stage) => makeCuts(stage, options));
  if (options.rounds === undefined) await writePlot(outcomes);
  return cutFigures('', outcomes);
}
