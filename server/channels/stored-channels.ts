import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import type { ChannelRow } from '../store/tables.ts';
import type { Channel, ChannelSettings } from './channel.ts';
import type { Channels } from './channels.ts';

/** Who makes the keys with which to publish. */
export interface KeyIssuer {
  /** A Channel's first key, in the transaction that makes the Channel. */
  issue(channelId: string, db: Database): Promise<string>;
  channelDeleted(channelId: string): void;
}

export interface StoredChannel {
  channel: Channel;
  /** ISO 8601. */
  createdAt: string;
}

/**
 * Channels that outlive the server, in the database. Those for files of the command line are not among
 * them: they come and go with the start that named them.
 */
export class StoredChannels {
  readonly #db: Database;
  readonly #channels: Channels;
  readonly #keys: KeyIssuer;
  readonly #createdAt = new Map<string, string>();

  private constructor(db: Database, channels: Channels, keys: KeyIssuer) {
    this.#db = db;
    this.#channels = channels;
    this.#keys = keys;
  }

  /** Makes every Channel that the database knows. */
  static async load(db: Database, channels: Channels, keys: KeyIssuer): Promise<StoredChannels> {
    const stored = new StoredChannels(db, channels, keys);
    const query = db.selectFrom('channels').selectAll();
    for (const row of await query.orderBy('createdAt').orderBy('id').execute()) stored.#add(row);
    return stored;
  }

  /**
   * @returns with the stream key, which is not shown again
   * @throws SfumatoError `conflict` where the id is taken
   */
  async create(
    id: string,
    settings: ChannelSettings,
  ): Promise<StoredChannel & { streamKey: string }> {
    if (this.#channels.has(id)) throw taken(id);
    const row = { id, ...settings, createdAt: new Date().toISOString() };
    const streamKey = await this.#db.transaction().execute(async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('channels')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows === 0n) throw taken(id);
      return this.#keys.issue(id, trx);
    });
    return { channel: this.#add(row), createdAt: row.createdAt, streamKey };
  }

  /** Is it one of these, and since when? */
  find(id: string): StoredChannel | undefined {
    const createdAt = this.#createdAt.get(id);
    return createdAt === undefined ? undefined : { channel: this.#channels.get(id), createdAt };
  }

  /** @throws SfumatoError `notFound`; `forbidden` where it is a Channel of the command line */
  get(id: string): StoredChannel {
    const channel = this.#channels.get(id);
    const createdAt = this.#createdAt.get(id);
    if (createdAt !== undefined) return { channel, createdAt };
    throw new SfumatoError('forbidden', 'This Channel plays a file and goes with the server.', {
      hint: 'Create a Channel of your own to publish on it.',
    });
  }

  /** @throws SfumatoError as `get` */
  async update(id: string, changes: ChannelSettings): Promise<StoredChannel> {
    const stored = this.get(id);
    await this.#db.updateTable('channels').set(changes).where('id', '=', id).execute();
    stored.channel.configure(changes);
    return stored;
  }

  /**
   * Whoever publishes on it is ended; its Viewers stay connected, with nothing to watch.
   *
   * @throws SfumatoError as `get`
   */
  async delete(id: string): Promise<void> {
    const { channel } = this.get(id);
    await this.#db.deleteFrom('channels').where('id', '=', id).execute();
    this.#createdAt.delete(id);
    this.#keys.channelDeleted(id);
    this.#channels.remove(channel);
  }

  #add({ id, title, graceSeconds, createdAt }: ChannelRow): Channel {
    this.#createdAt.set(id, createdAt);
    return this.#channels.create(id, title, graceSeconds);
  }
}

function taken(id: string): SfumatoError {
  return new SfumatoError('conflict', `There is a Channel ${id} already.`, {
    hint: 'Choose another name for its address.',
  });
}
