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
      for (const record of await records.list()) await this.#look(record);
      await this.#removeOrphans();
    } catch (err) {
      log.warn({ err }, 'Uploads could not be looked through');
    }
  }

  async #look({ id, assetId, bytes, activeAt, received }: UploadRecord): Promise<void> {
    const { records, files, expiresMs, catalogue, log } = this.#options;
    const idleMs = Date.now() - activeAt.getTime();
    if (received) {
      // Until then whoever lost the last answer may ask again.
      if (idleMs > expiresMs) await records.remove(id);
      return;
    }
    const there = await sizeOf(files.pathOf(id));
    if (there === bytes) return this.#options.finish(id);
    if (idleMs < (there === undefined ? WITHOUT_FILE_MS : expiresMs)) return;
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
