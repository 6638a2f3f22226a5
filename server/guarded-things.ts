import { libraryIdSchema } from '../signaling/contract/index.ts';
import type { Encounter, GuardedThings, Visitor } from './access/visitor.ts';
import type { Channels } from './channels/channels.ts';
import { meetChannel } from './http/channel-guard.ts';
import { readerFor } from './http/library-reader.ts';
import type { Assets } from './library/assets.ts';
import { askerOf, asThing } from './library/reader.ts';
import type { Database } from './store/database.ts';

/** How long the lists of sites are gone by. Milliseconds. */
const LISTS_MS = 1_000;

/** Everything that can be watched, with what decides about it: Channels and Assets alike. */
export class ChannelsAndAssets implements GuardedThings {
  readonly #db: Database;
  readonly #channels: Channels;
  readonly #assets: Assets;
  #lists: { all: Promise<string[][]>; readAtMs: number } | undefined;

  constructor(options: { db: Database; channels: Channels; assets: Assets }) {
    this.#db = options.db;
    this.#channels = options.channels;
    this.#assets = options.assets;
  }

  async meet(id: string, visitor: Visitor): Promise<Encounter | undefined> {
    const { defaultSites } = this.#assets;
    if (this.#channels.has(id)) return meetChannel(this.#channels.get(id), visitor, defaultSites);
    if (!libraryIdSchema.safeParse(id).success) return undefined;
    const asset = await this.#assets.find(id);
    if (asset === undefined) return undefined;
    return { thing: asThing(asset, defaultSites), asker: askerOf(readerFor(visitor), asset) };
  }

  /** What a password is compared with; undefined where none opens it. */
  async passwordOf(id: string): Promise<{ hash: string | undefined; version: number } | undefined> {
    const ofAsset = libraryIdSchema.safeParse(id).success;
    const row = await (ofAsset ? this.#assets.find(id) : this.#channelRow(id));
    if (row?.visibility !== 'password') return undefined;
    return { hash: row.watchPasswordHash ?? undefined, version: row.passwordVersion };
  }

  async #channelRow(id: string) {
    return this.#db.selectFrom('channels').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Does anything here name this site as one that may embed it? */
  async isNamed(site: string): Promise<boolean> {
    const ofChannels = this.#channels.list().map(({ access }) => access.rules.embedSites);
    return [...ofChannels, ...(await this.#listsOfAssets())].some(
      (sites) => sites?.includes(site) === true || sites?.includes('*') === true,
    );
  }

  /** Pages of other sites come in numbers: what was read just now will do for all of them. */
  async #listsOfAssets(): Promise<string[][]> {
    const now = performance.now();
    if (this.#lists !== undefined && now - this.#lists.readAtMs < LISTS_MS) return this.#lists.all;
    const all = this.#assets.embedSites();
    this.#lists = { all, readAtMs: now };
    return await all;
  }
}
