import { z } from 'zod';
import type { Database } from '../../store/database.ts';
import type { UploadRow } from '../../store/tables.ts';

/** An upload, as it is written down. How much of it has come, its file says. */
export interface UploadRecord {
  /** In its address; random. */
  id: string;
  assetId: string;
  /** Of the whole. */
  bytes: number;
  /** As the client said it at first; it is given back as it came. */
  metadata: Record<string, string | null>;
  /** When something came last. */
  activeAt: Date;
  /** Everything is there. */
  received: boolean;
}

/** What counts for the limits. */
export interface Usage {
  /** Of originals, and of those that are on their way. */
  bytes: number;
  assets: number;
  /** Of one person. */
  unfinished: number;
}

const metadataSchema = z.record(z.string(), z.string().nullable());

/** The uploads into one folder. */
export class UploadRecords {
  readonly #db: Database;
  readonly #place: string;

  constructor(db: Database, place: string) {
    this.#db = db;
    this.#place = place;
  }

  async add(
    upload: Pick<UploadRecord, 'id' | 'assetId' | 'bytes' | 'metadata'>,
    trx: Database,
  ): Promise<void> {
    const { id, assetId, bytes } = upload;
    await trx
      .insertInto('uploads')
      .values({
        ...{ id, assetId, bytes, place: this.#place, receivedAt: null },
        metadata: JSON.stringify(upload.metadata),
        activeAt: new Date().toISOString(),
      })
      .execute();
  }

  async get(id: string): Promise<UploadRecord | undefined> {
    const row = await this.#all().where('id', '=', id).executeTakeFirst();
    return row && asRecord(row);
  }

  async list(): Promise<UploadRecord[]> {
    return (await this.#all().execute()).map(asRecord);
  }

  /** Something has come. */
  async touch(id: string): Promise<void> {
    const activeAt = new Date().toISOString();
    await this.#db.updateTable('uploads').set({ activeAt }).where('id', '=', id).execute();
  }

  /** Everything has come. @returns its Asset's id; undefined where that was known already */
  async receive(id: string, trx: Database): Promise<string | undefined> {
    const row = await trx
      .updateTable('uploads')
      .set({ receivedAt: new Date().toISOString() })
      .where('id', '=', id)
      .where('receivedAt', 'is', null)
      .returning('assetId')
      .executeTakeFirst();
    return row?.assetId;
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('uploads').where('id', '=', id).execute();
  }

  /** @param ownerId whose unfinished ones are counted */
  async usage(ownerId: string, db: Database = this.#db): Promise<Usage> {
    const kept = await db
      .selectFrom('assets')
      .select(({ fn }) => [fn.countAll().as('assets'), fn.sum('bytes').as('bytes')])
      .executeTakeFirstOrThrow();
    const coming = db.selectFrom('uploads').innerJoin('assets', 'assets.id', 'uploads.assetId');
    const announced = await coming
      .where('assets.bytes', 'is', null)
      .select(({ fn }) => fn.sum('uploads.bytes').as('bytes'))
      .executeTakeFirstOrThrow();
    const own = await coming
      .where('assets.ownerId', '=', ownerId)
      .where('uploads.receivedAt', 'is', null)
      .select(({ fn }) => fn.countAll().as('uploads'))
      .executeTakeFirstOrThrow();
    return {
      bytes: Number(kept.bytes) + Number(announced.bytes),
      assets: Number(kept.assets),
      unfinished: Number(own.uploads),
    };
  }

  #all() {
    return this.#db.selectFrom('uploads').selectAll().where('place', '=', this.#place);
  }
}

function asRecord(row: UploadRow): UploadRecord {
  const { id, assetId, bytes, metadata, activeAt, receivedAt } = row;
  return {
    ...{ id, assetId, bytes },
    metadata: metadataSchema.parse(JSON.parse(metadata)),
    activeAt: new Date(activeAt),
    received: receivedAt !== null,
  };
}
