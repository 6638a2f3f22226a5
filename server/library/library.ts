import { mkdir, rm } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Ffmpeg, inputArgs } from '../ffmpeg/ffmpeg.ts';
import type { MediaInfo } from '../ffmpeg/media-info.ts';
import type { Progress } from '../ffmpeg/progress.ts';
import { createTempFolder, publishFolder, removeAbandoned } from '../store/atomic.ts';
import { fingerprint } from '../store/fingerprint.ts';
import { DEMO_KEY, DEMO_TITLE, demoJob } from './demo/demo.ts';
import { planLadder } from './ladder.ts';
import { type Prepared, readPrepared, writeManifest } from './manifest.ts';
import { makeRenditions, type RenditionJob, SETTINGS_VERSION } from './renditions.ts';
import { createSharedJobs } from './shared-jobs.ts';
import { inspectSource, refuseUnreadable } from './source-check.ts';

export type { Prepared } from './manifest.ts';

export type PrepareOptions = {
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
};

export type Library = {
  /**
   * The Renditions of a file: found again, or made now. Two callers of one file share the work; it
   * stops when the last one gives up.
   * @throws {SfumatoError} `notFound`, `unsupportedMedia`, `timeout`, with a sentence for the person.
   */
  prepare(file: string, options?: PrepareOptions): Promise<Prepared>;
  /** The demo clip with its running clock: 60 s, which fit the wall clock's minute. */
  prepareDemo(options?: PrepareOptions): Promise<Prepared>;
};

/** A difference in length that nobody notices, seconds. */
const NEGLIGIBLE_SECONDS = 0.1;

export async function createLibrary(options: {
  dataDir: string;
  ffmpeg: Ffmpeg;
  log: Logger;
}): Promise<Library> {
  const { ffmpeg, log } = options;
  const root = resolve(options.dataDir, 'renditions');
  await mkdir(root, { recursive: true });
  await removeAbandoned(root);
  const jobs = createSharedJobs<Prepared, Progress>();

  const produce = async (
    key: string,
    name: string,
    plan: (signal: AbortSignal) => Promise<Plan>,
    run: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<Prepared> => {
    const final = join(root, key);
    const startedMs = performance.now();
    const { title, job } = await plan(run.signal);
    const folder = await createTempFolder(root);
    try {
      const files = await makeRenditions(ffmpeg, job, folder, run);
      await writeManifest(folder, { version: 1, title, ...files });
      await publishFolder(folder, final);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    log.info({ name, seconds: (performance.now() - startedMs) / 1000 }, 'Prepared');
    const prepared = await readPrepared(final, name);
    if (!prepared) throw new Error(`What was just written to ${final} cannot be read back.`);
    return prepared;
  };

  const find = async (
    key: string,
    name: string,
    plan: (signal: AbortSignal) => Promise<Plan>,
    caller: PrepareOptions,
  ): Promise<Prepared> => {
    const found = await readPrepared(join(root, key), name);
    return found ?? jobs.join(key, caller, (run) => produce(key, name, plan, run));
  };

  return {
    async prepare(file, caller = {}) {
      const path = resolve(file);
      await refuseUnreadable(path);
      const key = `${(await fingerprint(path)).slice(0, 32)}-${SETTINGS_VERSION}`;
      return find(key, nameOf(path), (signal) => planFile(ffmpeg, path, signal), caller);
    },
    prepareDemo: (caller = {}) =>
      find(`${DEMO_KEY}-${SETTINGS_VERSION}`, DEMO_TITLE, async () => ({ job: demoJob() }), caller),
  };
}

type Plan = { title?: string | undefined; job: RenditionJob };

/** `holiday_2024-06.mp4` -> `holiday 2024-06`. */
function nameOf(path: string): string {
  return basename(path, extname(path)).replaceAll('_', ' ').trim() || basename(path);
}

async function planFile(ffmpeg: Ffmpeg, path: string, signal: AbortSignal): Promise<Plan> {
  const info = await inspectSource(ffmpeg, path, signal);
  return { title: info.title?.trim() || undefined, job: fileJob(path, info) };
}

function fileJob(path: string, { video, audio, duration }: MediaInfo): RenditionJob {
  const pictureSeconds = video?.duration ?? 0;
  const soundSeconds = audio?.duration ?? 0;
  // Where both lengths are known, the shorter one is filled up: a round has one length.
  const missing = pictureSeconds > 0 && soundSeconds > 0 ? soundSeconds - pictureSeconds : 0;
  return {
    inputArgs: inputArgs(path),
    preset: 'veryfast',
    video: video && {
      ladder: planLadder(video),
      colorMatrix: video.colorSpace ? 'auto' : video.height >= 720 ? 'bt709' : 'bt601',
      extendSeconds: missing > NEGLIGIBLE_SECONDS ? missing : 0,
    },
    audio: audio && {
      stream: '0:a:0',
      padToSeconds: missing < -NEGLIGIBLE_SECONDS ? pictureSeconds : undefined,
    },
    durationSeconds: duration,
  };
}
