import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { hashSecret, newSecret } from './secrets.ts';

export type Revocation = 'keyRotated' | 'channelDeleted';
type Listener = (channelId: string, reason: Revocation) => void;

/** By it, a key is told from the other secrets that are shown. */
const PREFIX = 'sk_';

/** Is it meant to be a stream key? Whether it is one is another question. */
export function isStreamKey(secret: string): boolean {
  return secret.startsWith(PREFIX);
}

/** One key a Channel: whoever has it may publish there. Shown when it is made, and kept as a hash only. */
export class StreamKeys {
  readonly #db: Database;
  readonly #listeners = new Set<Listener>();

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * A Channel's first key.
   *
   * @param db the transaction in which the Channel is made
   */
  async issue(channelId: string, db: Database): Promise<string> {
    const key = newSecret(PREFIX);
    const createdAt = new Date().toISOString();
    const keyHash = hashSecret(key);
    await db.insertInto('streamKeys').values({ channelId, keyHash, createdAt }).execute();
    return key;
  }

  /**
   * Another key instead of the present one: whoever publishes with that is ended.
   *
   * @throws SfumatoError `notFound` where the Channel has no key
   */
  async rotate(channelId: string): Promise<string> {
    const key = newSecret(PREFIX);
    const { numUpdatedRows } = await this.#db
      .updateTable('streamKeys')
      .set({ keyHash: hashSecret(key), createdAt: new Date().toISOString() })
      .where('channelId', '=', channelId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new SfumatoError('notFound', 'There is no such Channel.');
    this.#tell(channelId, 'keyRotated');
    return key;
  }

  /** The Channel is deleted, and its key with it. */
  channelDeleted(channelId: string): void {
    this.#tell(channelId, 'channelDeleted');
  }

  /**
   * @throws SfumatoError `unauthorized` where the key is of no Channel, `forbidden` where it is another
   *   Channel's
   */
  async checkStreamKey(channelId: string, streamKey: string): Promise<void> {
    // The hash is looked up, not the key: the time that it takes tells nothing of any key.
    const row = await this.#db
      .selectFrom('streamKeys')
      .select('channelId')
      .where('keyHash', '=', hashSecret(streamKey))
      .executeTakeFirst();
    if (row === undefined) {
      throw new SfumatoError('unauthorized', 'The stream key is not a valid one.', {
        hint: 'Whoever runs the server can make a new one at /admin.',
      });
    }
    if (row.channelId !== channelId) {
      throw new SfumatoError('forbidden', 'The stream key is for another Channel.');
    }
  }

  /**
   * Whoever may publish without a key, may where there is one: Channels of the command line have none.
   *
   * @throws SfumatoError `forbidden`
   */
  async demandStreamKey(channelId: string): Promise<void> {
    const keys = this.#db.selectFrom('streamKeys').select('channelId');
    if ((await keys.where('channelId', '=', channelId).executeTakeFirst()) !== undefined) return;
    throw new SfumatoError('forbidden', 'Nobody can go live on this Channel.');
  }

  /** Called when a key is rotated or its Channel deleted. The returned function stops it. */
  onRevoked(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(channelId: string, reason: Revocation): void {
    for (const listener of this.#listeners) listener(channelId, reason);
  }
}
