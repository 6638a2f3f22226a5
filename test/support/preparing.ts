import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import type { z } from 'zod';
import type { Ffmpeg } from '../../server/ffmpeg/ffmpeg.ts';
import { newLibraryId } from '../../server/library/library-id.ts';
import type { Made } from '../../server/library/preparation/made.ts';
import {
  createPreparation,
  type PreparationRun,
} from '../../server/library/preparation/preparation.ts';
import { createDiskMediaFiles } from '../../server/store/media-files/disk-media-files.ts';
import { mediaKey } from '../../server/store/media-files/media-key.ts';

/** What was made of a file, and how to look at it. */
export type PreparedFile = {
  id: string;
  made: Made;
  read(name: string): Promise<Buffer>;
  /** Where a media file lies. */
  path(name: string): Promise<string>;
};

export type Preparing = Awaited<ReturnType<typeof startPreparing>>;

/** Prepares files for tests, on a disk of its own. */
export async function startPreparing(ffmpeg: Ffmpeg) {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-preparing-'));
  const files = await createDiskMediaFiles(join(folder, 'media'));
  const log = pino({ level: 'silent' });
  const scratchDir = join(folder, 'scratch');
  const preparation = await createPreparation({ ffmpeg, files, scratchDir, log });

  const read = async (id: string, name: string) =>
    buffer((await files.open(mediaKey(id, name))).stream);
  const path = async (id: string, name: string) => (await files.local(mediaKey(id, name))).path;

  return {
    folder,
    files,
    scratchDir,
    /** @throws {SfumatoError} where it is refused. */
    async prepare(
      file: string,
      job: TestJob = new TestJob(),
      onMade?: (made: Made) => Promise<void>,
    ): Promise<PreparedFile> {
      const { id } = job;
      const original = mediaKey(id, 'original');
      await files.put(original, { file });
      const made = await preparation.prepare({ id, original }, job, onMade);
      return { id, made, read: (name) => read(id, name), path: (name) => path(id, name) };
    },
    async close() {
      await preparation.close();
      await files.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A job that remembers its steps as the queue does, as JSON; it can be taken up again. */
export class TestJob implements PreparationRun {
  readonly id = newLibraryId();
  readonly steps = new Map<string, string>();
  /** Every beginning of a step. */
  readonly begun: string[] = [];
  readonly said: [number, string | undefined][] = [];
  readonly signal: AbortSignal;
  readonly #onProgress: (fraction: number, step?: string) => void;

  /** @param onProgress hears what is said at once. */
  constructor(
    signal: AbortSignal = new AbortController().signal,
    onProgress: (fraction: number, step?: string) => void = () => undefined,
  ) {
    this.signal = signal;
    this.#onProgress = onProgress;
  }

  async step<S extends z.ZodType>(
    name: string,
    result: S,
    work: (signal: AbortSignal) => Promise<z.input<S>>,
  ): Promise<z.output<S>> {
    this.signal.throwIfAborted();
    if (!this.steps.has(name)) {
      this.begun.push(name);
      this.steps.set(name, JSON.stringify(await work(this.signal)));
    }
    return result.parse(JSON.parse(this.steps.get(name) ?? ''));
  }

  progress(fraction: number, step?: string): void {
    this.said.push([fraction, step]);
    this.#onProgress(fraction, step);
  }
}
