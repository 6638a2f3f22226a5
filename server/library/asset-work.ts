import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { libraryIdSchema, SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/dialect.ts';
import type { MediaFiles } from '../store/media-files/media-files.ts';
import { mediaKey } from '../store/media-files/media-key.ts';
import type { Catalogue } from './catalogue.ts';
import type { Assets } from './assets.ts';
import type { JobHandlers, NewJob, RunningJob } from './jobs/job.ts';
import { type Made, madeSchema } from './preparation/made.ts';
import type { Preparation } from './preparation/preparation.ts';
import { CAPTION_BYTES } from './preparation/limits.ts';
import { wordsOfVtt } from './preparation/vtt.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { type Reader, SERVER } from './reader.ts';
import { WordCollection } from './words.ts';

export interface AssetWorkOptions {
  catalogue: Catalogue;
  files: MediaFiles;
  preparation: Preparation;
}

/** Names of media files that every Asset has. */
export const ORIGINAL = 'original';
const MADE = 'made.json';

const removalSchema = z.object({ assetIds: z.array(libraryIdSchema) });

/** What is done with Assets later, by the kinds of jobs. */
export function assetWork(options: AssetWorkOptions): JobHandlers {
  return {
    prepare: {
      run: (job) => endingWithAsset(options.catalogue, job, () => prepare(options, job)),
      failed: async ({ assetId }, reason) => {
        if (assetId !== null) await refuse(options.catalogue, assetId, reason);
      },
    },
    removeFiles: {
      run: async ({ data }) => {
        for (const id of removalSchema.parse(data).assetIds) await options.files.removeAsset(id);
      },
    },
  };
}

/** For the transaction that deletes Assets: their files go when it is sure that they do. */
export async function removeFilesLater(
  jobs: JobQueue,
  assetIds: readonly string[],
  trx: Database,
): Promise<void> {
  await jobs.add(removal(assetIds), trx);
}

const removal = (assetIds: readonly string[]): NewJob => ({
  ...{ kind: 'removeFiles', data: { assetIds }, maxAttempts: 1_000 },
});

/** @returns what was made of an Asset so far. @throws SfumatoError `notFound` where nothing was */
export async function readMade(files: MediaFiles, assetId: string): Promise<Made> {
  const { stream } = await files.open(mediaKey(assetId, MADE));
  return madeSchema.parse(JSON.parse(await text(stream)));
}

async function prepare({ catalogue, files, preparation }: AssetWorkOptions, job: RunningJob) {
  const id = libraryIdSchema.parse(job.assetId);
  const made = await preparation.prepare({ id, original: mediaKey(id, ORIGINAL) }, job, (soFar) =>
    keepMade({ catalogue, files }, id, soFar),
  );
  await catalogue.assets.setCaptions(id, await captionsOf(files, id, made));
  await catalogue.assets.record(id, { state: 'ready' });
}

async function keepMade(
  { catalogue, files }: Pick<AssetWorkOptions, 'catalogue' | 'files'>,
  id: string,
  made: Made,
): Promise<void> {
  const { kind, duration, width, height } = made;
  await files.put(mediaKey(id, MADE), { stream: Readable.from([JSON.stringify(made)]) });
  await catalogue.assets.record(id, { kind, duration, width, height, files: made.files });
}

/** One file after the other, as far as the search takes words. */
async function captionsOf(files: MediaFiles, id: string, made: Made): Promise<string> {
  const said = new WordCollection();
  for (const { role, name, bytes } of made.files) {
    if (role !== 'captions' || bytes > CAPTION_BYTES.track || said.isFull) continue;
    const { stream } = await files.open(mediaKey(id, name));
    said.add(wordsOfVtt(await text(stream)));
  }
  return said.words.join(' ');
}

/**
 * Has what is ready, or was refused, prepared again.
 *
 * @throws SfumatoError `notFound`, `forbidden`; `conflict` in any other state
 */
export async function prepareAgain(
  { assets, jobs, db }: Catalogue,
  id: string,
  reader: Reader,
): Promise<void> {
  await assets.demandChange(id, reader);
  await inTransaction(db, async (trx) => {
    // The lock on the row first: of two who ask at once, one comes too late.
    const { state } = await assets.record(id, {}, trx);
    if (state !== 'ready' && state !== 'refused') {
      throw new SfumatoError('conflict', `What is ${state} cannot be prepared again.`);
    }
    await assets.record(id, { state: 'preparing' }, trx);
    if (!(await jobs.again(id, trx))) await jobs.add({ kind: 'prepare', assetId: id }, trx);
  });
  assets.emit({ type: 'changed', ids: [id] });
}

/** What is put by a run that did not know yet that its Asset was deleted would stay for ever. */
export async function endingWithAsset(
  { assets, jobs }: Catalogue,
  { assetId }: Pick<RunningJob, 'assetId'>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (assetId !== null && (await isGone(assets, assetId))) {
      await jobs.add(removal([assetId]));
    }
    throw error;
  }
}

async function isGone(assets: Assets, id: string): Promise<boolean> {
  try {
    await assets.get(id, SERVER);
    return false;
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'notFound') return true;
    throw error;
  }
}

/** One that was deleted meanwhile is gone, and that is all right. */
export async function refuse({ assets }: Catalogue, id: string, reason: string): Promise<void> {
  try {
    await assets.record(id, { state: 'refused', reason });
  } catch (error) {
    if (!(error instanceof SfumatoError) || error.code !== 'notFound') throw error;
  }
}
