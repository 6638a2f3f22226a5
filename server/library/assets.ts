import type { Logger } from 'pino';
import {
  type AccessRules,
  type Asset,
  type AssetFile,
  type AssetKind,
  type AssetState,
  OPEN_RULES,
  SfumatoError,
  type Visibility,
} from '../../signaling/contract/index.ts';
import { demandConsistent } from '../rights/consistent-rules.ts';
import { refusalError } from '../rights/refusal-errors.ts';
import { createListeners, type Undo } from '../rtp/listeners.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/dialect.ts';
import { columnsOfRules, rulesOf, sitesOf } from '../store/rules-columns.ts';
import type { AssetRow } from '../store/tables.ts';
import { indexWords } from '../store/text-search.ts';
import { type AssetQuery, listForEverybody, listRows } from './asset-list.ts';
import { asAssets, tagRows } from './asset-rows.ts';
import { mayBecome } from './asset-states.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { newLibraryId } from './library-id.ts';
import {
  asShownTo,
  type GuardedAsset,
  mayChange,
  maySee as mayLookInto,
  mayWatchAsset,
  type Owner,
  type Reader,
} from './reader.ts';
import { sortKey, wordsOf } from './words.ts';

/** What people say about an Asset. */
export interface AssetDetails {
  title: string;
  description: string;
  tags: readonly string[];
  visibility: Visibility;
}

/** What the server finds out about it. */
export interface AssetFacts {
  state: AssetState;
  /** For people, of what was refused; goes with any other state. */
  reason: string;
  kind: AssetKind | null;
  /** Seconds. */
  duration: number;
  /** Pixels, as it is shown. */
  width: number;
  height: number;
  /** Of the original. */
  bytes: number;
  originalName: string;
  /** SHA-256 of the original, hexadecimal. */
  checksum: string;
  /** All of them, each time. */
  files: readonly AssetFile[];
}

export type NewAsset = Pick<AssetDetails, 'title'> & Partial<AssetDetails & AssetFacts>;

export interface AssetPage {
  assets: Asset[];
  /** Of the next page; none after the last. */
  cursor: string | undefined;
}

/** What has just happened to Assets, in this process. */
export interface AssetEvent {
  type: 'created' | 'changed' | 'deleted';
  ids: readonly string[];
  /** Who could find it before: of what may have become another's, or nobody's. */
  before?: Findable;
}

/** What decides who finds an Asset. */
export type Findable = GuardedAsset & { watchable: boolean };

/** What is changed of the question who may watch it. */
export interface RulesChange {
  rules?: Partial<AccessRules>;
  /** Argon2id; null: there is to be none. */
  passwordHash?: string | null;
}

export interface AssetsOptions {
  db: Database;
  jobs: JobQueue;
  log: Logger;
  /** Done in the transaction that deletes Assets: what is to follow is not forgotten then. */
  onDelete?: ((ids: readonly string[], trx: Database) => Promise<void>) | undefined;
  /** The rules that a new one begins with, where nothing else is said. */
  defaultRules?: ((db: Database) => Promise<AccessRules>) | undefined;
  /** Sites that may embed what has no list of its own; `*` for all. */
  defaultSites?: readonly string[] | undefined;
}

/** The Assets of the library. What somebody may not see is `notFound` for them. */
export class Assets {
  readonly #db: Database;
  readonly #jobs: JobQueue;
  readonly #onDelete: AssetsOptions['onDelete'];
  readonly #defaultRules: AssetsOptions['defaultRules'];
  readonly #events;
  /** Sites that may embed what has no list of its own; `*` for all. */
  readonly defaultSites: readonly string[];

  constructor({ db, jobs, log, onDelete, defaultRules, defaultSites }: AssetsOptions) {
    this.#db = db;
    this.#jobs = jobs;
    this.#onDelete = onDelete;
    this.#defaultRules = defaultRules;
    this.defaultSites = defaultSites ?? ['*'];
    this.#events = createListeners<AssetEvent>(log);
  }

  on(listener: (event: AssetEvent) => void): Undo {
    return this.#events.on(listener);
  }

  /** Tells again what was done in a transaction that is over now: what was told in it came before. */
  emit(event: AssetEvent): void {
    this.#events.emit(event);
  }

  /** In state `uploading` and private, where nothing else is said. */
  async create(asset: NewAsset, owner: Owner, db: Database = this.#db): Promise<Asset> {
    const { title, tags = [], description = '', visibility, ...facts } = asset;
    const now = new Date().toISOString();
    const rules = {
      ...((await this.#defaultRules?.(db)) ?? PRIVATE),
      ...(visibility && { visibility }),
    };
    demandConsistent(rules, false);
    const created = await inTransaction(db, async (trx) => {
      const row = await trx
        .insertInto('assets')
        .values({
          ...EMPTY,
          ...columnsOf(facts),
          ...columnsOfRules(rules),
          ...{ id: newLibraryId(), title, titleKey: sortKey(title), description },
          ...{ ownerId: owner.id, ownerName: owner.name, createdAt: now, updatedAt: now },
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await this.#tag(trx, row.seq, tags);
      await this.#index(trx, row);
      return this.#asAsset(trx, row);
    });
    this.#events.emit({ type: 'created', ids: [created.id] });
    return created;
  }

  /** @throws SfumatoError `notFound` */
  async get(id: string, reader: Reader, db: Database = this.#db): Promise<Asset> {
    const row = await this.#row(db, id);
    if (row === undefined) throw noSuchAsset();
    const verdict = mayWatchAsset(reader, row, this.defaultSites);
    if (!verdict.may) {
      throw verdict.refusal === 'gone' ? noSuchAsset() : refusalError(verdict.refusal, verdict);
    }
    return asShownTo(reader, await this.#asAsset(db, row));
  }

  /** What decides about one, and about its finding; undefined where there is none. */
  async find(id: string): Promise<AssetRow | undefined> {
    return await this.#row(this.#db, id);
  }

  /** @throws SfumatoError `notFound` */
  async demandRow(id: string): Promise<AssetRow> {
    const row = await this.find(id);
    if (row === undefined) throw noSuchAsset();
    return row;
  }

  /** The lists of sites that there are, each once. */
  async embedSites(): Promise<string[][]> {
    const query = this.#db.selectFrom('assets').select('embedSites').distinct();
    const rows = await query.where('embedSites', 'is not', null).execute();
    return rows.map(({ embedSites }) => sitesOf(embedSites) ?? []);
  }

  maySee(reader: Reader, asset: GuardedAsset): boolean {
    return mayWatchAsset(reader, asset, this.defaultSites).may;
  }

  /** Those of them that may be seen by whoever has their address, in any order. */
  async visible(ids: readonly string[], reader: Reader): Promise<Asset[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db.selectFrom('assets').selectAll().where('id', 'in', ids).execute();
    const seen = rows.filter((row) => this.maySee(reader, row));
    const assets = await asAssets(this.#db, this.#jobs, seen);
    return assets.map((asset) => asShownTo(reader, asset));
  }

  /**
   * May it be seen, and changed? For what hangs on an Asset: its files, its playback.
   *
   * @throws SfumatoError `notFound`; `forbidden` where it may be seen only
   */
  async demandChange(id: string, reader: Reader): Promise<Asset> {
    const asset = await this.get(id, reader);
    if (!mayChange(reader, { ownerId: asset.owner?.id ?? null })) throw notYours();
    return asset;
  }

  /** @throws SfumatoError `badRequest` for a cursor that is none of this list; `notFound` for the collection */
  async list(query: AssetQuery, reader: Reader): Promise<AssetPage> {
    if (query.collection !== undefined) await this.#demandCollection(query.collection, reader);
    const { rows, cursor } = await listRows(this.#db, query, reader);
    const assets = await asAssets(this.#db, this.#jobs, rows);
    return { assets: assets.map((asset) => asShownTo(reader, asset)), cursor };
  }

  /** What everybody may find, the newest first: names and times only. */
  async listForEverybody(atMost: number): Promise<{ id: string; updatedAt: string }[]> {
    return await listForEverybody(this.#db, atMost);
  }

  /** Those of the same content, as far as they may be found; newest first. @param checksum SHA-256, hexadecimal */
  async duplicatesOf(checksum: string, reader: Reader): Promise<Asset[]> {
    return (await this.list({ checksum }, reader)).assets;
  }

  /** @throws SfumatoError `notFound`, `forbidden`; `badRequest` for rules that do not go together */
  async update(
    id: string,
    changes: Partial<AssetDetails> & RulesChange,
    reader: Reader,
    db: Database = this.#db,
  ): Promise<Asset> {
    const [asset, before] = await inTransaction(db, async (trx) => {
      // The lock on the row first: no two passwords have the same version.
      if (changes.passwordHash !== undefined) await this.#set(trx, id, {});
      const present = await this.#demandRow(trx, id, reader);
      const was = findable(present);
      const { tags, visibility, rules, passwordHash, ...columns } = changes;
      const ruled = { ...(visibility && { visibility }), ...rules };
      const row = await this.#set(trx, id, {
        ...columns,
        ...rulesColumns(present, ruled, passwordHash),
        ...(columns.title !== undefined && { titleKey: sortKey(columns.title) }),
      });
      if (tags !== undefined) await this.#tag(trx, row.seq, tags);
      await this.#index(trx, row);
      return [await this.#asAsset(trx, row), was] as const;
    });
    this.#events.emit({ type: 'changed', ids: [id], before });
    return asset;
  }

  /**
   * Writes down what was found out.
   *
   * @throws SfumatoError `notFound` where it was deleted meanwhile; `conflict` where it cannot get into that state
   *   from the one in which it is
   */
  async record(id: string, facts: Partial<AssetFacts>, db: Database = this.#db): Promise<Asset> {
    const asset = await inTransaction(db, async (trx) => {
      // The lock on the row first, so that the state that is looked at is the one that is changed.
      const { state } = await this.#set(trx, id, {});
      if (facts.state !== undefined && !mayBecome(state, facts.state)) {
        throw new SfumatoError('conflict', `What is ${state} cannot become ${facts.state}.`);
      }
      return this.#asAsset(trx, await this.#set(trx, id, columnsOf(facts)));
    });
    this.#events.emit({ type: 'changed', ids: [id] });
    return asset;
  }

  /** The spoken words, for the search. @throws SfumatoError `notFound` */
  async setCaptions(id: string, text: string, db: Database = this.#db): Promise<void> {
    await inTransaction(db, async (trx) => {
      const row = await this.#set(trx, id, {});
      const words = wordsOf(text).join(' ');
      await trx
        .insertInto('assetCaptions')
        .values({ seq: row.seq, words })
        .onConflict((conflict) => conflict.column('seq').doUpdateSet({ words }))
        .execute();
      await this.#index(trx, row);
    });
  }

  /** With its tags, its places in collections, and its jobs, which are ended. @throws SfumatoError `notFound`, `forbidden` */
  async delete(id: string, reader: Reader): Promise<void> {
    const [tellJobs, before] = await inTransaction(this.#db, async (trx) => {
      const was = findable(await this.#demandRow(trx, id, reader));
      const tell = await this.#jobs.assetsGoing([id], trx);
      await this.#onDelete?.([id], trx);
      await trx.deleteFrom('assets').where('id', '=', id).execute();
      return [tell, was] as const;
    });
    tellJobs();
    this.#events.emit({ type: 'deleted', ids: [id], before });
  }

  async #row(db: Database, id: string): Promise<AssetRow | undefined> {
    return db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async #demandRow(trx: Database, id: string, reader: Reader): Promise<AssetRow> {
    const row = await this.#row(trx, id);
    if (row === undefined) throw noSuchAsset();
    if (mayChange(reader, row)) return row;
    throw this.maySee(reader, row) ? notYours() : noSuchAsset();
  }

  async #set(trx: Database, id: string, changes: AssetColumns): Promise<AssetRow> {
    const row = await trx
      .updateTable('assets')
      .set({ ...changes, updatedAt: new Date().toISOString() })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw noSuchAsset();
    return row;
  }

  async #tag(trx: Database, seq: number, labels: readonly string[]): Promise<void> {
    await trx.deleteFrom('assetTags').where('seq', '=', seq).execute();
    const rows = tagRows(seq, labels);
    if (rows.length > 0) await trx.insertInto('assetTags').values(rows).execute();
  }

  async #index(trx: Database, { seq, title, description }: AssetRow): Promise<void> {
    const tags = await trx.selectFrom('assetTags').select('label').where('seq', '=', seq).execute();
    const captions = await trx
      .selectFrom('assetCaptions')
      .select('words')
      .where('seq', '=', seq)
      .executeTakeFirst();
    const labels = tags.map(({ label }) => label);
    await indexWords(trx, seq, wordsOf(title, description, ...labels, captions?.words ?? ''));
  }

  async #asAsset(db: Database, row: AssetRow): Promise<Asset> {
    const [asset] = await asAssets(db, this.#jobs, [row]);
    if (asset === undefined) throw noSuchAsset();
    return asset;
  }

  async #demandCollection(id: string, reader: Reader): Promise<void> {
    const query = this.#db.selectFrom('collections').select(['visibility', 'ownerId']);
    const row = await query.where('id', '=', id).executeTakeFirst();
    if (row === undefined || !mayLookInto(reader, row)) {
      throw new SfumatoError('notFound', 'There is no such collection.');
    }
  }
}

type AssetColumns = Partial<Omit<AssetRow, 'seq' | 'id'>>;

const PRIVATE: AccessRules = { ...OPEN_RULES, visibility: 'private' };

const EMPTY = {
  kind: null,
  state: 'uploading',
  reason: null,
  duration: 0,
  width: null,
  height: null,
  bytes: null,
  originalName: null,
  checksum: null,
  watchable: 0,
  files: '[]',
  visibility: 'private',
  embedSites: null,
  maxViewers: null,
  startsAt: null,
  endsAt: null,
  watchPasswordHash: null,
  passwordVersion: 0,
} as const;

function columnsOf({ files, ...facts }: Partial<AssetFacts>): AssetColumns {
  return {
    ...(facts.state !== undefined && { reason: null }),
    ...facts,
    ...(files !== undefined && {
      files: JSON.stringify(files),
      watchable: files.some(({ role }) => role === 'rendition' || role === 'image') ? 1 : 0,
    }),
  };
}

/** @throws SfumatoError `badRequest` for rules that do not go together */
function rulesColumns(
  present: AssetRow,
  changes: Partial<AccessRules>,
  passwordHash: string | null | undefined,
): AssetColumns {
  const hash = passwordHash === undefined ? present.watchPasswordHash : passwordHash;
  const columns = columnsOfRules(changes);
  demandConsistent(rulesOf({ ...present, ...columns }), hash !== null);
  if (passwordHash === undefined) return columns;
  const passwordVersion = present.passwordVersion + 1;
  return { ...columns, watchPasswordHash: hash, passwordVersion };
}

export function findable(row: AssetRow): Findable {
  return { ...row, watchable: row.watchable === 1 };
}

function noSuchAsset(): SfumatoError {
  return new SfumatoError('notFound', 'There is no such Asset.', {
    hint: 'It may have been deleted, or be private.',
    refusal: 'gone',
  });
}

function notYours(): SfumatoError {
  return new SfumatoError('forbidden', 'Only who put it in and administrators may change it.');
}
