import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { Upload } from '@tus/server';
import type { Logger } from 'pino';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { hasCode } from '../../store/media-files/errors.ts';
import { chunksOf, demandFree, isFull, readInVain } from './disk-room.ts';
import { diskFull } from './upload-limits.ts';
import type { UploadRecord, UploadRecords } from './upload-records.ts';

/** How often is looked for room, bytes. */
const LOOK_EVERY_BYTES = 8 * 1024 * 1024;

/** How often is written down that something comes, milliseconds. */
const TOUCH_EVERY_MS = 60_000;

export interface UploadFilesOptions {
  directory: string;
  records: UploadRecords;
  /** Milliseconds without a byte. */
  expiresMs: number;
  /** Bytes that have come just now. */
  onBytes: (bytes: number) => void;
  log: Logger;
}

/**
 * The bytes of uploads, for tus: a file each, whose size says how much has come, whatever happened to the server in
 * between. Everything else is in the database, beside the Assets, and goes with them.
 */
export class UploadFiles extends FileStore {
  readonly #records: UploadRecords;
  readonly #onBytes: (bytes: number) => void;
  readonly #log: Logger;
  readonly #writing = new Map<string, Set<AbortController>>();
  readonly #writes = new Set<Promise<number>>();

  constructor({ directory, records, expiresMs, onBytes, log }: UploadFilesOptions) {
    super({
      directory,
      expirationPeriodInMilliseconds: expiresMs,
      configstore: {
        get: async (id) => asUpload(await records.get(id)),
        // It is written down with its Asset, and goes with it.
        set: async () => undefined,
        delete: async () => undefined,
      },
    });
    // Not `creation-defer-length`: limits are looked at before the bytes are sent.
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
    this.#records = records;
    this.#onBytes = onBytes;
    this.#log = log;
  }

  /** Uploads of which something is coming now. */
  get active(): number {
    return this.#writing.size;
  }

  isComing(id: string): boolean {
    return this.#writing.has(id);
  }

  pathOf(id: string): string {
    return join(this.directory, id);
  }

  /** Who asks again after the last answer was lost is told that everything is there, wherever the file is by now. */
  override async getUpload(id: string): Promise<Upload> {
    const record = await this.#records.get(id);
    if (record?.received !== true) return super.getUpload(id);
    const upload = asUpload(record);
    if (upload === undefined) return super.getUpload(id);
    upload.offset = record.bytes;
    return upload;
  }

  /**
   * Writes what comes, until it ends.
   *
   * @returns how much is there
   * @throws SfumatoError `noRoom` where the disk is full, `notFound` where the upload was ended meanwhile
   */
  override write(readable: Readable, id: string, offset: number): Promise<number> {
    const write = this.#write(readable, id, offset).finally(() => this.#writes.delete(write));
    this.#writes.add(write);
    return write;
  }

  async #write(readable: Readable, id: string, offset: number): Promise<number> {
    const { signal, done } = this.#begin(id);
    const end = () => readable.destroy(ended());
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      const handle = await openFile(this.pathOf(id));
      try {
        return await this.#receive(readable, handle, { id, offset });
      } finally {
        await handle.close();
      }
    } finally {
      signal.removeEventListener('abort', end);
      done();
    }
  }

  /** Ends what is coming, and removes what has come. Idempotent. */
  async discard(id: string): Promise<void> {
    this.interrupt(id);
    await rm(this.pathOf(id), { force: true });
  }

  /** Ends what is coming; what has come stays. */
  interrupt(id: string): void {
    for (const controller of this.#writing.get(id) ?? []) controller.abort(ended());
  }

  /** Ends all that is coming; what has come stays, for the next start. */
  async close(): Promise<void> {
    for (const id of this.#writing.keys()) this.interrupt(id);
    await Promise.allSettled(this.#writes);
  }

  #begin(id: string): { signal: AbortSignal; done: () => void } {
    const controller = new AbortController();
    const all = this.#writing.get(id) ?? new Set();
    this.#writing.set(id, all.add(controller));
    const done = () => {
      all.delete(controller);
      if (all.size === 0) this.#writing.delete(id);
    };
    return { signal: controller.signal, done };
  }

  async #receive(
    readable: Readable,
    handle: FileHandle,
    { id, offset }: { id: string; offset: number },
  ): Promise<number> {
    let position = offset;
    let lookAt = offset;
    let touchAt = 0;
    for await (const chunk of chunksOf(readable)) {
      try {
        if (position >= lookAt) {
          await demandFree(this.directory);
          lookAt = position + LOOK_EVERY_BYTES;
        }
        await writeAll(handle, chunk, position);
      } catch (error) {
        if (!isFull(error)) throw error;
        await readInVain(readable);
        throw diskFull(error);
      }
      position += chunk.length;
      this.#onBytes(chunk.length);
      if (performance.now() < touchAt) continue;
      touchAt = performance.now() + TOUCH_EVERY_MS;
      await this.#touch(id);
    }
    await this.#touch(id);
    return position;
  }

  /** For its expiry only: it does not matter if it fails, and where the disk is full it does. */
  async #touch(id: string): Promise<void> {
    try {
      await this.#records.touch(id);
    } catch (err) {
      this.#log.warn({ err }, 'It was not written down that something of an upload came');
    }
  }
}

/** It is removed when its Asset is deleted. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    throw hasCode(error, 'ENOENT') ? ended() : error;
  }
}

function asUpload(record: UploadRecord | undefined): Upload | undefined {
  if (record === undefined) return undefined;
  const { id, bytes: size, metadata, activeAt } = record;
  // tus counts from here until it expires: from the last byte on and not from the first.
  return new Upload({ id, size, offset: 0, metadata, creation_date: activeAt.toISOString() });
}

async function writeAll(handle: FileHandle, chunk: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, written, undefined, position + written);
    written += bytesWritten;
  }
}

function ended(): SfumatoError {
  return new SfumatoError('notFound', 'The upload was ended: its Asset was deleted.');
}
