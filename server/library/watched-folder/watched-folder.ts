import { watch } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Logger } from 'pino';
import type { Visibility } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import { inTransaction } from '../../store/dialect.ts';
import type { Catalogue } from '../catalogue.ts';
import { addIngest } from '../ingest-work.ts';
import { titleOf } from '../media-names.ts';
import type { Owner } from '../reader.ts';
import { mediaFilesIn } from './walk.ts';
import { type WatchedFile, WatchedFiles } from './watched-files.ts';

/** The server itself. */
const OWNER: Owner = { id: 'server', name: 'Watched folder' };

/** A file that stays as it is for so long has been written, milliseconds. */
const SETTLES_MS = 3_000;

/** How often everything is looked at, milliseconds: not every file system tells of changes. */
const LOOK_EVERY_MS = 30_000;

export interface WatchedFolderOptions {
  folder: string;
  /** Where the server's own files are, which are not taken. */
  dataDir: string;
  /** The name of the server's place, from `placeOf()`. */
  place: string;
  inPlace: boolean;
  visibility: Visibility;
  catalogue: Catalogue;
  db: Database;
  log: Logger;
  /** Milliseconds. */
  settlesMs?: number;
  lookEveryMs?: number;
}

interface Unsettled {
  file: WatchedFile;
  sinceMs: number;
}

/**
 * Puts what appears in a folder into the library: each file once, as long as it stays the same one. What was
 * deleted from the library is not taken again.
 */
export class WatchedFolder {
  readonly #options: WatchedFolderOptions;
  readonly #taken: WatchedFiles;
  readonly #settlesMs: number;
  readonly #lookEveryMs: number;
  readonly #closing = new AbortController();
  #unsettled = new Map<string, Unsettled>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** When the next look is. */
  #dueMs = Infinity;

  private constructor(options: WatchedFolderOptions) {
    this.#options = options;
    this.#taken = new WatchedFiles(options.db, options.place);
    this.#settlesMs = options.settlesMs ?? SETTLES_MS;
    this.#lookEveryMs = options.lookEveryMs ?? LOOK_EVERY_MS;
  }

  static async open(options: WatchedFolderOptions): Promise<WatchedFolder> {
    await mkdir(options.folder, { recursive: true });
    const watched = new WatchedFolder(options);
    watched.#listen();
    watched.#lookIn(0);
    return watched;
  }

  /** What is being taken is taken first. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Makes it quicker; without, there is the next look. */
  #listen(): void {
    const { folder, log } = this.#options;
    const failed = (err: unknown) => log.warn({ err }, 'The watched folder tells of no changes');
    try {
      const options = { recursive: true, persistent: false, signal: this.#closing.signal };
      watch(folder, options, () => this.#lookIn(this.#settlesMs)).on('error', failed);
    } catch (error) {
      failed(error);
    }
  }

  /** @param afterMs milliseconds; sooner, where that was meant already */
  #lookIn(afterMs: number): void {
    const dueMs = performance.now() + afterMs;
    if (this.#closing.signal.aborted || this.#dueMs <= dueMs) return;
    this.#dueMs = dueMs;
    clearTimeout(this.#timer);
    // What is told of during a look may lie behind it: there is another one then.
    if (this.#looking === undefined) this.#timer = setTimeout(() => this.#startLook(), afterMs);
  }

  #startLook(): void {
    this.#dueMs = Infinity;
    this.#looking = this.#look()
      .catch((err: unknown) => {
        this.#options.log.warn({ err }, 'The watched folder could not be read');
      })
      .finally(() => {
        this.#looking = undefined;
        const nextMs = this.#unsettled.size > 0 ? this.#settlesMs : this.#lookEveryMs;
        const told = this.#dueMs - performance.now();
        this.#dueMs = Infinity;
        this.#lookIn(Math.max(0, Math.min(told, nextMs)));
      });
  }

  async #look(): Promise<void> {
    const { folder, dataDir } = this.#options;
    const taken = new Map((await this.#taken.list()).map((file) => [file.path, file]));
    const unsettled = new Map<string, Unsettled>();
    for await (const file of mediaFilesIn(folder, await realpath(dataDir))) {
      if (this.#closing.signal.aborted) return;
      if (file.bytes === 0 || isSame(file, taken.get(file.path))) continue;
      const before = this.#unsettled.get(file.path);
      const sinceMs = isSame(file, before?.file) && before ? before.sinceMs : performance.now();
      if (performance.now() - sinceMs >= this.#settlesMs) await this.#take(file);
      else unsettled.set(file.path, { file, sinceMs });
    }
    this.#unsettled = unsettled;
  }

  async #take(file: WatchedFile): Promise<void> {
    const { db, catalogue, place, inPlace, visibility } = this.#options;
    const originalName = basename(file.path);
    const taken = await inTransaction(db, async (trx) => {
      if (!(await this.#taken.take(file, trx))) return undefined;
      const { id } = await catalogue.assets.create(
        { title: titleOf(originalName), originalName, visibility, state: 'preparing' },
        OWNER,
        trx,
      );
      await this.#taken.name(file.path, id, trx);
      const { path: watched, bytes, modifiedMs } = file;
      await addIngest(catalogue.jobs, place, id, { watched, bytes, modifiedMs, inPlace }, trx);
      return id;
    });
    if (taken !== undefined) catalogue.assets.emit({ type: 'created', ids: [taken] });
  }
}

function isSame(file: WatchedFile, other: WatchedFile | undefined): boolean {
  return other?.bytes === file.bytes && other.modifiedMs === file.modifiedMs;
}
