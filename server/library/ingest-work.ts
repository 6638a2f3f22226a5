import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { libraryIdSchema, SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/dialect.ts';
import { isThere } from '../store/is-there.ts';
import type { MediaFiles } from '../store/media-files/media-files.ts';
import { mediaKey } from '../store/media-files/media-key.ts';
import { endingWithAsset, ORIGINAL, refuse } from './asset-work.ts';
import type { Catalogue } from './catalogue.ts';
import { sha256Of } from './checksum.ts';
import type { JobHandlers, RunningJob } from './jobs/job.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { SERVER } from './reader.ts';
import { pathInside } from './watched-folder/inside.ts';

/** Where the bytes of what came in are: an upload by its id, or a file of the watched folder. */
const incomingSchema = z.union([
  z.object({ upload: z.string().regex(/^[0-9a-f]{32}$/) }),
  z.object({
    watched: z.string(),
    bytes: z.number(),
    modifiedMs: z.number(),
    inPlace: z.boolean(),
  }),
]);
export type Incoming = z.infer<typeof incomingSchema>;

export interface IngestOptions {
  catalogue: Catalogue;
  db: Database;
  files: MediaFiles;
  /** The name of the folder that has the bytes: nobody else can do these jobs. */
  place: string;
  uploadsFolder: string;
  watchedFolder: string | undefined;
  log: Logger;
}

/** A job that only a server with this place's disk takes. */
const kindOf = (place: string) => `ingest@${place}`;

/** For the transaction in which everything of an original is there. */
export async function addIngest(
  jobs: JobQueue,
  place: string,
  assetId: string,
  incoming: Incoming,
  trx: Database,
): Promise<void> {
  // Before what is to be prepared: it is short, and tells people whether they have the file already.
  await jobs.add({ kind: kindOf(place), assetId, data: incoming, priority: 1 }, trx);
}

/** What is done with what came in: its checksum, its place among the originals, and on to the preparation. */
export function ingestWork(options: IngestOptions): JobHandlers {
  return {
    [kindOf(options.place)]: {
      run: (job) => endingWithAsset(options.catalogue, job, () => ingest(options, job)),
      failed: async ({ assetId }, reason) => {
        if (assetId !== null) await refuse(options.catalogue, assetId, reason);
      },
    },
  };
}

async function ingest(options: IngestOptions, job: RunningJob): Promise<void> {
  const id = libraryIdSchema.parse(job.assetId);
  const incoming = incomingSchema.parse(job.data);
  const path = await pathOf(options, incoming);
  try {
    const checksum = await job.step('checksum', z.string(), async (signal) => {
      const { size } = await stat(path);
      return sha256Of(path, signal, (bytes) => job.progress(bytes / size, 'Checking the file'));
    });
    const bytes = await job.step('keep', z.number(), (signal) =>
      keep(options, id, { incoming, path }, signal),
    );
    await handOver(options, id, { checksum, bytes });
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error;
    options.log.info({ asset: id }, 'A file of the watched folder changed while it was read');
    await options.catalogue.assets.delete(id, SERVER);
  }
}

async function pathOf(
  { uploadsFolder, watchedFolder }: IngestOptions,
  incoming: Incoming,
): Promise<string> {
  if ('upload' in incoming) return join(uploadsFolder, basename(incoming.upload));
  if (watchedFolder === undefined) {
    throw new SfumatoError('notFound', 'There is no watched folder any more.');
  }
  return pathInside(watchedFolder, incoming.watched);
}

/** @returns bytes of the original */
async function keep(
  { files }: IngestOptions,
  id: string,
  { incoming, path }: { incoming: Incoming; path: string },
  signal: AbortSignal,
): Promise<number> {
  const key = mediaKey(id, ORIGINAL);
  if ('upload' in incoming) {
    // Where a server died after this, the file is there already and its upload's is not.
    const found = (await isThere(path)) ? undefined : await files.stat(key);
    const { size } = found ?? (await files.put(key, { file: path, mayMove: true }, signal));
    await rm(path, { force: true });
    return size;
  }
  const { inPlace, bytes, modifiedMs } = incoming;
  const { size } = inPlace
    ? await files.link(key, path, signal)
    : await files.put(key, { file: path }, signal);
  const now = await stat(path);
  if (now.size !== bytes || Math.round(now.mtimeMs) !== modifiedMs) throw new FileChanged();
  return size;
}

/** Once: what has a checksum was handed over. */
async function handOver(
  { catalogue: { assets, jobs }, db }: IngestOptions,
  id: string,
  facts: { checksum: string; bytes: number },
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { checksum } = await assets.get(id, SERVER, trx);
    if (checksum !== undefined) return;
    await assets.record(id, facts, trx);
    await jobs.add({ kind: 'prepare', assetId: id }, trx);
  });
  assets.emit({ type: 'changed', ids: [id] });
}

/** It is taken anew when it has settled. */
class FileChanged extends Error {}
