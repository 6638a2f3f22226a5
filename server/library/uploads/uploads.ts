import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { type Asset, SfumatoError, type Visibility } from '../../../signaling/contract/index.ts';
import type { Undo } from '../../rtp/listeners.ts';
import type { Database } from '../../store/database.ts';
import { inTransaction, lockTable } from '../../store/dialect.ts';
import type { Catalogue } from '../catalogue.ts';
import { addIngest } from '../ingest-work.ts';
import { titleOf } from '../media-names.ts';
import type { Owner, Reader } from '../reader.ts';
import { freeBytes } from './disk-room.ts';
import { UploadFiles } from './upload-files.ts';
import { demandAcceptable, demandRoom, type UploadLimits } from './upload-limits.ts';
import { type UploadRecord, UploadRecords } from './upload-records.ts';
import { isUploadId, sizeOf, UploadTidying } from './upload-tidying.ts';

/** Milliseconds without a byte, after which an upload is given up. */
const EXPIRES_MS = 7 * 24 * 60 * 60 * 1000;

/** How often is looked for what was left behind, milliseconds. */
const TIDY_EVERY_MS = 10 * 60_000;

export interface UploadsOptions {
  catalogue: Catalogue;
  db: Database;
  /** Where the bytes are kept until they are all there. */
  folder: string;
  /** The folder's name, from `placeOf()`. */
  place: string;
  limits: UploadLimits;
  log: Logger;
  onBytes?: (bytes: number) => void;
  /** Milliseconds. */
  expiresMs?: number;
}

/** What is announced, of which nothing has been looked at but the form. */
export interface NewUpload {
  filename: string;
  filetype?: string | undefined;
  bytes: number;
  title?: string | undefined;
  description?: string | undefined;
  visibility?: Visibility | undefined;
  /** Its id; the Asset is put at its end. */
  collection?: string | undefined;
  /** To be given back as it came. */
  metadata: UploadRecord['metadata'];
}

export interface LibraryUsage {
  maxBytes: number;
  quotaBytes: number | null;
  usedBytes: number;
  maxAssets: number | null;
  assets: number;
}

/**
 * Uploads: each one is an Asset from its beginning, and ends with it. What is there when, the file system and the
 * database say, so a server that was killed goes on with them as they are.
 */
export class Uploads {
  /** For the door: reads and writes the bytes. */
  readonly files: UploadFiles;
  readonly #catalogue: Catalogue;
  readonly #db: Database;
  readonly #place: string;
  readonly #limits: UploadLimits;
  readonly #records: UploadRecords;
  readonly #stopListening: Undo;
  readonly #timer: NodeJS.Timeout;
  readonly #tidying: UploadTidying;

  constructor(options: UploadsOptions) {
    const { catalogue, db, folder, place, limits, log, expiresMs = EXPIRES_MS } = options;
    this.#catalogue = catalogue;
    this.#db = db;
    this.#place = place;
    this.#limits = limits;
    const records = new UploadRecords(db, place);
    this.#records = records;
    const onBytes = options.onBytes ?? (() => undefined);
    this.files = new UploadFiles({ directory: folder, records, expiresMs, onBytes, log });
    this.#tidying = new UploadTidying({
      ...{ catalogue, records, expiresMs, log, files: this.files },
      finish: (id) => this.finish(id),
    });
    this.#stopListening = catalogue.assets.on(({ type }) => {
      if (type === 'deleted') void this.tidy();
    });
    this.#timer = setInterval(() => void this.tidy(), TIDY_EVERY_MS).unref();
    void this.tidy();
  }

  get maxBytes(): number {
    return this.#limits.maxBytes;
  }

  /**
   * Makes the Asset, and the place for its bytes.
   *
   * @throws SfumatoError `unsupportedMedia`, `tooLarge`, `noRoom`, `tooMany`; `notFound` and `forbidden` of the
   *   collection
   */
  async create(wanted: NewUpload, owner: Owner, reader: Reader): Promise<UploadRecord> {
    const { bytes, metadata } = wanted;
    demandAcceptable(wanted, this.#limits);
    const free = await freeBytes(this.files.directory);
    const id = randomBytes(16).toString('hex');
    const asset = await inTransaction(this.#db, async (trx) => {
      // So that two that come at once do not both get the last place.
      await lockTable(trx, 'uploads');
      demandRoom(bytes, await this.#records.usage(owner.id, trx), free, this.#limits);
      const created = await this.#createAsset(wanted, owner, reader, trx);
      await this.#records.add({ id, assetId: created.id, bytes, metadata }, trx);
      return created;
    });
    this.#catalogue.assets.emit({ type: 'created', ids: [asset.id] });
    return { id, assetId: asset.id, bytes, metadata, activeAt: new Date(), received: false };
  }

  /** @throws SfumatoError `notFound`; `forbidden` for an Asset of somebody else that may be seen */
  async demand(id: string, reader: Reader): Promise<UploadRecord> {
    const record = isUploadId(id) ? await this.#records.get(id) : undefined;
    if (record === undefined) {
      throw new SfumatoError('notFound', 'There is no such upload.', {
        hint: 'It may have been ended, or have expired.',
      });
    }
    await this.#catalogue.assets.demandChange(record.assetId, reader);
    return record;
  }

  /** Everything is there: the Asset is being prepared from now on. Idempotent. */
  async finish(id: string): Promise<void> {
    const { assets, jobs } = this.#catalogue;
    const assetId = await inTransaction(this.#db, async (trx) => {
      const received = await this.#records.receive(id, trx);
      if (received === undefined) return undefined;
      await assets.record(received, { state: 'preparing' }, trx);
      await addIngest(jobs, this.#place, received, { upload: id }, trx);
      return received;
    });
    if (assetId !== undefined) assets.emit({ type: 'changed', ids: [assetId] });
  }

  /** The same where it was not done when the last byte came, because the database could not be used. */
  async finishIfWhole({ id, bytes, received }: UploadRecord): Promise<void> {
    if (!received && (await sizeOf(this.files.pathOf(id))) === bytes) await this.finish(id);
  }

  /**
   * Ends an upload: its Asset is deleted. Its bytes go first, for on a full disk nothing can be written down.
   *
   * @throws SfumatoError as `demand`
   */
  async end(id: string, reader: Reader): Promise<void> {
    const { assetId } = await this.demand(id, reader);
    await this.files.discard(id);
    await this.#catalogue.assets.delete(assetId, reader);
  }

  /** What there is room for. */
  async usage(): Promise<LibraryUsage> {
    const { maxBytes, quotaBytes = null, maxAssets = null } = this.#limits;
    const { bytes: usedBytes, assets } = await this.#records.usage('');
    return { maxBytes, quotaBytes, usedBytes, maxAssets, assets };
  }

  /** Looks for what was left behind, after which it resolves. */
  tidy(): Promise<void> {
    return this.#tidying.tidy();
  }

  /** What is coming is broken off; it goes on with the next start. Idempotent. */
  async close(): Promise<void> {
    this.#stopListening();
    clearInterval(this.#timer);
    await this.files.close();
    await this.#tidying.close();
  }

  async #createAsset(
    wanted: NewUpload,
    owner: Owner,
    reader: Reader,
    trx: Database,
  ): Promise<Asset> {
    const { filename, description, visibility, collection } = wanted;
    const { assets, collections } = this.#catalogue;
    const created = await assets.create(
      {
        title: wanted.title ?? titleOf(filename),
        originalName: filename,
        ...(description !== undefined && { description }),
        ...(visibility !== undefined && { visibility }),
      },
      owner,
      trx,
    );
    if (collection !== undefined) {
      const insertion = { assetIds: [created.id], before: null };
      await collections.putItems(collection, insertion, reader, trx);
    }
    return created;
  }
}
