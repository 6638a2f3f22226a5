import { readdir, stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { hasCode } from '../../store/media-files/errors.ts';
import type { Catalogue } from '../catalogue.ts';
import { SERVER } from '../reader.ts';
import type { UploadFiles } from './upload-files.ts';
import type { UploadRecord, UploadRecords } from './upload-records.ts';

/** Between its being written down and its file's being there nothing can happen that takes so long, milliseconds. */
const WITHOUT_FILE_MS = 5 * 60_000;

export interface UploadTidyingOptions {
  catalogue: Catalogue;
  records: UploadRecords;
  files: UploadFiles;
  /** Milliseconds without a byte. */
  expiresMs: number;
  finish: (id: string) => Promise<void>;
  log: Logger;
}

/**
 * Takes up what arrived in the moment in which a server died, ends what has expired, and removes bytes that belong
 * to nothing.
 */
export class UploadTidying {
  readonly #options: UploadTidyingOptions;
  #present: Promise<void> = Promise.resolve();
  /** Begins when the present one has ended; whoever asks until then shares it. */
  #next: Promise<void> | undefined;
  #closed = false;

  constructor(options: UploadTidyingOptions) {
    this.#options = options;
  }

  /** One after the other; a failure is logged, and there is a next time. */
  tidy(): Promise<void> {
    this.#next ??= this.#present.then(() => {
      this.#next = undefined;
      this.#present = this.#tidyNow();
      return this.#present;
    });
    return this.#next;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#next;
    await this.#present;
  }

  async #tidyNow(): Promise<void> {
    if (this.#closed) return;
    const { records, log } = this.#options;
    try {
      for (const { id } of await records.list()) await this.#lookAt(id);
      await this.#removeOrphans();
    } catch (err) {
      log.warn({ err }, 'Uploads could not be looked through');
    }
  }

  /** What cannot be done to one keeps no other from it. */
  async #lookAt(id: string): Promise<void> {
    const { records, log } = this.#options;
    try {
      // As it is by now: since they were listed it may have gone on, or be gone.
      const record = await records.get(id);
      if (record !== undefined) await this.#look(record);
    } catch (err) {
      log.warn({ err, upload: id }, 'An upload could not be looked at');
    }
  }

  async #look(record: UploadRecord): Promise<void> {
    const { records, files, expiresMs, catalogue, log } = this.#options;
    const { id, assetId, bytes, received } = record;
    const there = await sizeOf(files.pathOf(id));
    if (received) {
      // Until then whoever lost the last answer may ask again; and a file that is there is still to be taken.
      if (there === undefined && idleMs(record) > expiresMs) await records.remove(id);
      return;
    }
    if (there === bytes) return this.#options.finish(id);
    const patienceMs = there === undefined ? WITHOUT_FILE_MS : expiresMs;
    if (idleMs(record) < patienceMs || files.isComing(id)) return;
    log.info({ asset: assetId }, 'An unfinished upload has expired');
    await catalogue.assets.delete(assetId, SERVER);
    await files.discard(id);
  }

  /** What is written down is so before its file is there: what is not has no Asset any more. */
  async #removeOrphans(): Promise<void> {
    const { files, records } = this.#options;
    const names = await readdir(files.directory);
    const known = new Set((await records.list()).map(({ id }) => id));
    for (const name of names) {
      if (isUploadId(name) && !known.has(name)) await files.discard(name);
    }
  }
}

function idleMs({ activeAt }: UploadRecord): number {
  return Date.now() - activeAt.getTime();
}

/** Nobody guesses one. */
export function isUploadId(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name);
}

/** Bytes; undefined where there is no such file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
