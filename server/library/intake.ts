import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Visibility } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import type { MediaFiles } from '../store/media-files/media-files.ts';
import type { Catalogue } from './catalogue.ts';
import { ingestWork } from './ingest-work.ts';
import type { JobHandlers } from './jobs/job.ts';
import { placeOf } from './place.ts';
import type { UploadLimits } from './uploads/upload-limits.ts';
import { Uploads } from './uploads/uploads.ts';
import { WatchedFolder } from './watched-folder/watched-folder.ts';

/** What whoever runs the server may say about it. */
export interface IntakeSettings {
  limits: UploadLimits;
  /** None where no folder is watched. */
  watched: { folder: string; inPlace: boolean; visibility: Visibility } | undefined;
}

export interface IntakeOptions extends IntakeSettings {
  dataDir: string;
  /** The name of this server's disk, from `intakePlace()`. */
  place: string;
  catalogue: Catalogue;
  db: Database;
  files: MediaFiles;
  log: Logger;
  /** Bytes that have come just now. */
  onBytes: (bytes: number) => void;
}

/** By which files come into the library: uploads, and a watched folder. */
export class Intake {
  readonly uploads: Uploads;
  /** Of the jobs in which originals are taken in. */
  readonly handlers: JobHandlers;
  readonly #options: IntakeOptions;
  #watched: WatchedFolder | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const uploadsFolder = uploadsIn(options.dataDir);
    this.uploads = new Uploads({ ...options, folder: uploadsFolder });
    const watchedFolder = options.watched?.folder;
    this.handlers = ingestWork({ ...options, uploadsFolder, watchedFolder });
  }

  /** Begins to watch the folder, where there is one. */
  async start(): Promise<void> {
    const { watched } = this.#options;
    if (watched === undefined) return;
    this.#watched = await WatchedFolder.open({ ...this.#options, ...watched });
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#watched?.close();
    await this.uploads.close();
  }
}

/** Makes the folder of uploads, too. */
export function intakePlace(dataDir: string): Promise<string> {
  return placeOf(uploadsIn(dataDir));
}

function uploadsIn(dataDir: string): string {
  return join(dataDir, 'uploads');
}
