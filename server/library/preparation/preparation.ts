import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { createTempFolder, removeAbandoned } from '../../store/atomic.ts';
import { noRoom } from '../../store/media-files/errors.ts';
import type { MediaFiles } from '../../store/media-files/media-files.ts';
import type { MediaKey } from '../../store/media-files/media-key.ts';
import { type Examination, examine } from './examine.ts';
import { type Made, madeSchema, mergeMade } from './made.ts';
import { type Before, type Step, stepResultSchema, stepsFor } from './steps.ts';
import type { Workbench } from './workbench.ts';

/** What a preparation asks of the job that it is done in. `library/jobs` has it. */
export type PreparationRun = {
  readonly signal: AbortSignal;
  /** Does a part once, however often the whole is taken up again. */
  step<S extends z.ZodType>(
    name: string,
    result: S,
    work: (signal: AbortSignal) => Promise<z.input<S>>,
  ): Promise<z.output<S>>;
  /** Of the whole, 0 to 1, and what is being done. */
  progress(fraction: number, step?: string): void;
};

export type Preparation = {
  /**
   * Makes everything that lets an original be watched, and keeps it as media files of the Asset.
   *
   * @param onMade is told all that there is so far, whenever there is more; also what an earlier run had made.
   * @throws {SfumatoError} `unsupportedMedia` with a sentence for the person: it is refused for good. Others, such
   *   as `unavailable` and `timeout`, may pass.
   */
  prepare(
    asset: { id: string; original: MediaKey },
    run: PreparationRun,
    onMade?: (made: Made) => Promise<void>,
  ): Promise<Made>;
  /** Idempotent. */
  close(): Promise<void>;
};

/** The steps' names, as a job remembers them; another number where what they make changes. */
const VERSION = 1;

export async function createPreparation(options: {
  ffmpeg: Ffmpeg;
  files: MediaFiles;
  /**
   * For files that are being made; nobody else's. On the media files' own disk they are moved, elsewhere copied.
   */
  scratchDir: string;
  log: Logger;
}): Promise<Preparation> {
  const { ffmpeg, files, log } = options;
  const scratch = resolve(options.scratchDir);
  await mkdir(scratch, { recursive: true });
  await removeAbandoned(scratch);
  const home = await createTempFolder(scratch);

  return {
    async prepare(asset, run, onMade = async () => undefined) {
      const original = await files.local(asset.original, run.signal);
      try {
        const filters = await ffmpeg.filters();
        const examined = await examine(ffmpeg, original.path, run.signal);
        const steps = stepsFor(examined, filters);
        log.debug({ asset: asset.id, kind: examined.kind }, 'Preparing');
        const tools = { ffmpeg, filters, files, assetId: asset.id, original: original.path, home };
        return await follow(steps, { tools, run, onMade, begun: begin(examined) });
      } finally {
        await original.release();
      }
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

/** What is known before anything was made. */
function begin(examined: Examination): Made {
  const title = examined.kind === 'image' ? undefined : examined.info.title?.trim().slice(0, 200);
  const known = { version: 1, kind: examined.kind, watchable: false, files: [] };
  return madeSchema.parse({ ...known, ...(title && { title }) });
}

type Tools = Omit<Workbench, 'folder' | 'signal' | 'onProgress'> & { home: string };

async function follow(
  steps: readonly Step[],
  context: {
    tools: Tools;
    run: PreparationRun;
    onMade: (made: Made) => Promise<void>;
    begun: Made;
  },
): Promise<Made> {
  const { tools, run, onMade } = context;
  const whole = steps.reduce((sum, { weight }) => sum + weight, 0);
  let made = context.begun;
  let done = 0;
  let before: Before = { posterTime: undefined, hasPicture: false, hasSound: false };
  await onMade(made);
  for (const step of steps) {
    const say = (fraction: number) =>
      run.progress((done + step.weight * fraction) / whole, step.says);
    const soFar = before;
    const result = await run.step(`${step.name}-${VERSION}`, stepResultSchema, (signal) => {
      say(0);
      return inFolder(tools, { signal, onProgress: say }, (bench) => step.work(bench, soFar));
    });
    const { posterTime, hasPicture, hasSound, ...more } = result;
    before = {
      posterTime: posterTime ?? before.posterTime,
      hasPicture: hasPicture ?? before.hasPicture,
      hasSound: hasSound ?? before.hasSound,
    };
    made = mergeMade(made, more);
    done += step.weight;
    await onMade(made);
  }
  run.progress(1);
  return made;
}

/** A step works in a folder of its own, which is gone afterwards with whatever a failure left in it. */
async function inFolder<T>(
  { home, ...tools }: Tools,
  run: Pick<Workbench, 'signal' | 'onProgress'>,
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  const folder = await createTempFolder(home);
  try {
    return await work({ ...tools, ...run, folder });
  } catch (error) {
    throw noRoom(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
