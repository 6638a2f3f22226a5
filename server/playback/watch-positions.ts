import {
  type Asset,
  type Begun,
  type WatchPosition,
  worthKeeping,
} from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';

/** What is asked of the library, as whoever asks is known there. */
export interface VisibleAssets<R> {
  /** @throws SfumatoError `notFound` */
  get(id: string, reader: R): Promise<Asset>;
  /** Those of them that may be seen, in any order. */
  visible(ids: readonly string[], reader: R): Promise<Asset[]>;
}

/** Somebody with an account, and as whom the library knows them. */
export interface Watcher<R> {
  accountId: string;
  reader: R;
}

export interface WatchPositionsOptions<R> {
  db: Database;
  assets: VisibleAssets<R>;
  /** The wall clock, milliseconds since the Unix epoch. */
  now?: () => number;
}

/** What was begun longer ago, behind so much else, is not offered any more. */
const MOST_LOOKED_AT = 500;

/**
 * How far persons have come in what they watch. Whoever says it last is right, by the time at which they were there:
 * words of several devices, and of a page that was just closed, may come in any order.
 */
export class WatchPositions<R> {
  readonly #db: Database;
  readonly #assets: VisibleAssets<R>;
  readonly #now: () => number;

  constructor({ db, assets, now = Date.now }: WatchPositionsOptions<R>) {
    this.#db = db;
    this.#assets = assets;
    this.#now = now;
  }

  /** @returns null where there is nothing to go on with. @throws SfumatoError `notFound` of the Asset */
  async get(assetId: string, { accountId, reader }: Watcher<R>): Promise<WatchPosition | null> {
    await this.#assets.get(assetId, reader);
    return this.#kept(assetId, accountId);
  }

  /**
   * @param at when they were there, where that was not just now; what is in the future counts as now
   * @returns what is kept then. @throws SfumatoError `notFound` of the Asset
   */
  async put(
    assetId: string,
    { seconds, at }: { seconds: number; at?: string | undefined },
    { accountId, reader }: Watcher<R>,
  ): Promise<WatchPosition | null> {
    const asset = await this.#assets.get(assetId, reader);
    await this.#write({ accountId, assetId, seconds: worthKeeping(seconds, asset) }, at);
    return this.#kept(assetId, accountId);
  }

  /** @throws SfumatoError `notFound` of the Asset */
  async forget(assetId: string, { accountId, reader }: Watcher<R>): Promise<void> {
    await this.#assets.get(assetId, reader);
    await this.#write({ accountId, assetId, seconds: 0 });
  }

  /** What was begun, as far as it may still be seen; the last first. */
  async list({ accountId, reader }: Watcher<R>, limit: number): Promise<Begun[]> {
    const rows = await this.#db
      .selectFrom('watchPositions')
      .select(['assetId', 'seconds', 'updatedAt'])
      .where('accountId', '=', accountId)
      .where('seconds', '>', 0)
      .orderBy('updatedAt', 'desc')
      .limit(MOST_LOOKED_AT)
      .execute();
    const begun: Begun[] = [];
    for (let from = 0; from < rows.length && begun.length < limit; from += limit) {
      const portion = rows.slice(from, from + limit);
      const ids = portion.map(({ assetId }) => assetId);
      const assets = await this.#assets.visible(ids, reader);
      const byId = new Map(assets.map((asset) => [asset.id, asset]));
      for (const { assetId, ...position } of portion) {
        const asset = byId.get(assetId);
        if (asset !== undefined) begun.push({ asset, ...position });
      }
    }
    return begun.slice(0, limit);
  }

  async #kept(assetId: string, accountId: string): Promise<WatchPosition | null> {
    const row = await this.#db
      .selectFrom('watchPositions')
      .select(['seconds', 'updatedAt'])
      .where('accountId', '=', accountId)
      .where('assetId', '=', assetId)
      .executeTakeFirst();
    return row === undefined || row.seconds === 0 ? null : row;
  }

  async #write(
    row: { accountId: string; assetId: string; seconds: number },
    at?: string,
  ): Promise<void> {
    const now = this.#now();
    const moment = at === undefined ? now : Math.min(now, Date.parse(at));
    const updatedAt = new Date(moment).toISOString();
    await this.#db
      .insertInto('watchPositions')
      .values({ ...row, updatedAt })
      .onConflict((conflict) =>
        conflict
          .columns(['accountId', 'assetId'])
          .doUpdateSet({ seconds: row.seconds, updatedAt })
          .where('watchPositions.updatedAt', '<=', updatedAt),
      )
      .execute();
  }
}
