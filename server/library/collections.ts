import { type Collection, SfumatoError, type Visibility } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { inTransaction, lockTable } from '../store/dialect.ts';
import type { CollectionRow } from '../store/tables.ts';
import { type Insertion, putItems, removeItems } from './collection-items.ts';
import { newLibraryId } from './library-id.ts';
import { placesBetween, SPACING } from './positions.ts';
import { mayChange, mayFind, maySee, type Owner, type Reader } from './reader.ts';

export interface CollectionDetails {
  title: string;
  description: string;
  visibility: Visibility;
}

/** Where among others. */
export interface CollectionPlace {
  /** The collection that it is in; null at the top. */
  parentId?: string | null | undefined;
  /** The one that it stands before; null at the end. */
  before?: string | null | undefined;
}

export type NewCollection = Pick<CollectionDetails, 'title'> &
  Partial<CollectionDetails> &
  CollectionPlace;

/** Of folders in folders; nobody finds a way deeper than that. */
const MAX_DEPTH = 16;

/**
 * Collections of Assets, in an order, one inside of another. Each has a visibility of its own; what is in it is
 * seen or not by its own. One change at a time.
 */
export class Collections {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All that may be found, in their order: those of one parent after each other. */
  async list(reader: Reader): Promise<Collection[]> {
    const query = this.#db.selectFrom('collections').selectAll();
    const rows = await query.orderBy('position').orderBy('id').execute();
    const found = rows.filter((row) => mayFind(reader, { ...row, watchable: true }));
    const ids = new Set(found.map(({ id }) => id));
    return found.map((row) => asCollection(row, reader, ids.has(row.parentId ?? '')));
  }

  /** @throws SfumatoError `notFound` */
  async get(id: string, reader: Reader): Promise<Collection> {
    return this.#shown(this.#db, await this.#demand(this.#db, id, reader), reader);
  }

  /** @throws SfumatoError `notFound`; `forbidden` where it may be seen only */
  async demandChange(id: string, reader: Reader): Promise<void> {
    await this.#demandOwn(this.#db, id, reader);
  }

  /** At the end of its parent, where no place is named. @throws SfumatoError `notFound`, `forbidden` of the parent, `conflict` */
  async create(collection: NewCollection, owner: Owner, reader: Reader): Promise<Collection> {
    const { title, description = '', visibility = 'private', parentId = null, before } = collection;
    const now = new Date().toISOString();
    const row: CollectionRow = {
      ...{ id: newLibraryId(), parentId, position: 0, title, description, visibility },
      ...{ ownerId: owner.id, ownerName: owner.name, createdAt: now, updatedAt: now },
    };
    return this.#change(async (trx) => {
      if (parentId !== null) await this.#demandParent(trx, row.id, parentId, reader);
      const position = await this.#place(trx, row.id, parentId, before);
      await trx
        .insertInto('collections')
        .values({ ...row, position })
        .execute();
      return this.#shown(trx, row, reader);
    });
  }

  /**
   * Changes what is named; with `parentId` or `before` it moves.
   *
   * @throws SfumatoError `notFound`, `forbidden`; `conflict` where it would be inside of itself, or too deep
   */
  async update(
    id: string,
    changes: Partial<CollectionDetails> & CollectionPlace,
    reader: Reader,
  ): Promise<Collection> {
    const { parentId, before, ...details } = changes;
    return this.#change(async (trx) => {
      const row = await this.#demandOwn(trx, id, reader);
      const parent = parentId === undefined ? row.parentId : parentId;
      if (parent !== null && parent !== row.parentId) {
        await this.#demandParent(trx, id, parent, reader);
      }
      const moves = before !== undefined || parent !== row.parentId;
      const position = moves ? await this.#place(trx, id, parent, before) : row.position;
      const updatedAt = new Date().toISOString();
      const after = { ...row, ...details, parentId: parent, position, updatedAt };
      await trx.updateTable('collections').set(after).where('id', '=', id).execute();
      return this.#shown(trx, after, reader);
    });
  }

  /** With the collections that are in it. The Assets stay. @throws SfumatoError `notFound`, `forbidden` */
  async delete(id: string, reader: Reader): Promise<void> {
    await this.#change(async (trx) => {
      await this.#demandOwn(trx, id, reader);
      await trx.deleteFrom('collections').where('id', '=', id).execute();
    });
  }

  /**
   * Puts Assets into it, in this order; those that are in it already move.
   *
   * @throws SfumatoError `notFound` of the collection or an Asset, `forbidden`
   */
  async putItems(
    id: string,
    insertion: Insertion,
    reader: Reader,
    db: Database = this.#db,
  ): Promise<void> {
    await this.#change(async (trx) => {
      await this.#demandOwn(trx, id, reader);
      await putItems(trx, id, insertion, reader);
    }, db);
  }

  /** Those that are not in it count as removed. @throws SfumatoError `notFound`, `forbidden` */
  async removeItems(
    id: string,
    assetIds: readonly string[],
    reader: Reader,
    db: Database = this.#db,
  ): Promise<void> {
    await this.#change(async (trx) => {
      await this.#demandOwn(trx, id, reader);
      await removeItems(trx, id, assetIds);
    }, db);
  }

  #change<T>(work: (trx: Database) => Promise<T>, db: Database = this.#db): Promise<T> {
    return inTransaction(db, async (trx) => {
      await lockTable(trx, 'collections');
      return work(trx);
    });
  }

  async #demand(db: Database, id: string, reader: Reader): Promise<CollectionRow> {
    const row = await this.#row(db, id);
    if (row === undefined || !maySee(reader, row)) throw noSuchCollection();
    return row;
  }

  async #demandOwn(db: Database, id: string, reader: Reader): Promise<CollectionRow> {
    const row = await this.#demand(db, id, reader);
    if (mayChange(reader, row)) return row;
    throw new SfumatoError('forbidden', 'Only who made it and administrators may change it.');
  }

  /** Somebody's own, not inside of what is put into it, and not too deep. */
  async #demandParent(trx: Database, id: string, parentId: string, reader: Reader): Promise<void> {
    await this.#demandOwn(trx, parentId, reader);
    let depth = 0;
    let above: string | null = parentId;
    while (above !== null) {
      depth += 1;
      if (above === id || depth >= MAX_DEPTH) throw endless();
      above = (await this.#row(trx, above))?.parentId ?? null;
    }
  }

  async #row(db: Database, id: string): Promise<CollectionRow | undefined> {
    return db.selectFrom('collections').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** A position for it before another one, or at the end. Where there is no room, all are numbered anew. */
  async #place(
    trx: Database,
    id: string,
    parentId: string | null,
    before: string | null | undefined,
  ): Promise<number> {
    const siblings = await this.#siblings(trx, parentId, id);
    const index = indexOf(siblings, before);
    const places = placesBetween(siblings[index - 1]?.position, siblings[index]?.position, 1);
    if (places?.[0] !== undefined) return places[0];
    for (const [number, { id: sibling }] of siblings.entries()) {
      const position = SPACING * (number < index ? number + 1 : number + 2);
      await trx.updateTable('collections').set({ position }).where('id', '=', sibling).execute();
    }
    return SPACING * (index + 1);
  }

  async #siblings(trx: Database, parentId: string | null, except: string) {
    return trx
      .selectFrom('collections')
      .select(['id', 'position'])
      .where('parentId', parentId === null ? 'is' : '=', parentId)
      .where('id', '<>', except)
      .orderBy('position')
      .orderBy('id')
      .execute();
  }

  async #shown(db: Database, row: CollectionRow, reader: Reader): Promise<Collection> {
    const parent = row.parentId === null ? undefined : await this.#row(db, row.parentId);
    const parentFound = parent !== undefined && mayFind(reader, { ...parent, watchable: true });
    return asCollection(row, reader, parentFound);
  }
}

/** @throws SfumatoError `notFound` */
function indexOf(siblings: readonly { id: string }[], before: string | null | undefined): number {
  if (before === null || before === undefined) return siblings.length;
  const index = siblings.findIndex(({ id }) => id === before);
  if (index === -1) throw noSuchCollection();
  return index;
}

/** @param parentSeen whether whoever asks may know what it is in */
function asCollection(row: CollectionRow, reader: Reader, parentSeen: boolean): Collection {
  const { id, parentId, title, description, visibility, createdAt, updatedAt } = row;
  const ownerSeen = reader.role !== 'stranger' || mayChange(reader, row);
  return {
    ...{ id, parentId: parentSeen ? parentId : null, title, description, visibility },
    ...{ createdAt, updatedAt },
    ...(row.ownerId !== null &&
      ownerSeen && { owner: { id: row.ownerId, name: row.ownerName ?? '' } }),
  };
}

function noSuchCollection(): SfumatoError {
  return new SfumatoError('notFound', 'There is no such collection.', {
    hint: 'It may have been deleted, or be private.',
  });
}

function endless(): SfumatoError {
  return new SfumatoError(
    'conflict',
    `A collection cannot be inside of itself, nor more than ${MAX_DEPTH} deep.`,
  );
}
