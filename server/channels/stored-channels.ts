import { randomInt } from 'node:crypto';
import { type AccessRules, OPEN_RULES, SfumatoError } from '../../signaling/contract/index.ts';
import { demandConsistent } from '../rights/consistent-rules.ts';
import type { Database } from '../store/database.ts';
import { columnsOfRules, rulesOf } from '../store/rules-columns.ts';
import type { ChannelRow } from '../store/tables.ts';
import type { Channel, ChannelSettings } from './channel.ts';
import type { Channels } from './channels.ts';

/** Who makes the keys with which to publish. */
export interface KeyIssuer {
  /** A Channel's first key, in the transaction that makes the Channel. */
  issue(channelId: string, db: Database): Promise<string>;
  channelDeleted(channelId: string): void;
}

/** What is changed of the question who may watch it. */
export interface RulesChange {
  rules?: Partial<AccessRules>;
  /** Argon2id; null: there is to be none. */
  passwordHash?: string | null;
}

export interface StoredChannelsOptions {
  db: Database;
  channels: Channels;
  keys: KeyIssuer;
  /** The rules that a new one begins with. */
  defaultRules?: (() => Promise<AccessRules>) | undefined;
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
  readonly #defaultRules: NonNullable<StoredChannelsOptions['defaultRules']>;
  readonly #createdAt = new Map<string, string>();

  private constructor({ db, channels, keys, defaultRules }: StoredChannelsOptions) {
    this.#db = db;
    this.#channels = channels;
    this.#keys = keys;
    this.#defaultRules = defaultRules ?? (() => Promise.resolve(OPEN_RULES));
  }

  /** Makes every Channel that the database knows. */
  static async load(options: StoredChannelsOptions): Promise<StoredChannels> {
    const stored = new StoredChannels(options);
    const query = options.db.selectFrom('channels').selectAll();
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
    const createdAt = new Date().toISOString();
    const rules = columnsOfRules(await this.#defaultRules());
    const [row, streamKey] = await this.#db.transaction().execute(async (trx) => {
      const inserted = await trx
        .insertInto('channels')
        .values({ ...rules, id, ...settings, createdAt, passwordVersion: freshVersion() })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (inserted === undefined) throw taken(id);
      return [inserted, await this.#keys.issue(id, trx)] as const;
    });
    return { channel: this.#add(row), createdAt, streamKey };
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

  /** Has it a password? @throws SfumatoError as `get` */
  async rulesOf(id: string): Promise<{ rules: AccessRules; hasPassword: boolean }> {
    const { channel } = this.get(id);
    return { rules: channel.access.rules, hasPassword: (await this.passwordHash(id)) !== null };
  }

  /** Argon2id; null where it has none. */
  async passwordHash(id: string): Promise<string | null> {
    const query = this.#db.selectFrom('channels').select('watchPasswordHash').where('id', '=', id);
    return (await query.executeTakeFirst())?.watchPasswordHash ?? null;
  }

  /** @throws SfumatoError as `get`; `badRequest` for rules that do not go together */
  async setRules(id: string, { rules = {}, passwordHash }: RulesChange): Promise<void> {
    const { channel } = this.get(id);
    const columns = columnsOfRules(rules);
    const row = await this.#db.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('channels')
        .set((present) => ({
          ...columns,
          // The lock on the row, whatever is changed of it.
          passwordVersion: present('passwordVersion', '+', passwordHash === undefined ? 0 : 1),
          ...(passwordHash !== undefined && { watchPasswordHash: passwordHash }),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      demandConsistent(rulesOf(changed), changed.watchPasswordHash !== null);
      return changed;
    });
    channel.access = accessOf(row);
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

  #add(row: ChannelRow): Channel {
    const { id, title, graceSeconds, createdAt } = row;
    this.#createdAt.set(id, createdAt);
    const channel = this.#channels.create(id, title, graceSeconds);
    channel.access = accessOf(row);
    return channel;
  }
}

function accessOf(row: ChannelRow) {
  return { rules: rulesOf(row), passwordVersion: row.passwordVersion };
}

/** Where passwords are counted from: a Channel of the same name may have had others. */
const freshVersion = (): number => randomInt(2 ** 30);

function taken(id: string): SfumatoError {
  return new SfumatoError('conflict', `There is a Channel ${id} already.`, {
    hint: 'Choose another name for its address.',
  });
}
