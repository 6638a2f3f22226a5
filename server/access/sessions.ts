import type { Database } from '../store/database.ts';
import type { Account } from './accounts.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** Ends a session that nobody used for so long. */
export const SESSION_IDLE_MS = 24 * 60 * 60 * 1000;
/** Ends every session, used or not. */
export const SESSION_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Use is written down at most this often. */
const TOUCH_MS = 60_000;

/** Logged-in browsers. A session is an opaque random token; the server knows only its hash. */
export class Sessions {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @returns the token, which is not kept */
  async create(accountId: string): Promise<string> {
    await this.#deleteExpired();
    const token = newSecret('');
    const createdAt = this.#iso(0);
    await this.#db
      .insertInto('sessions')
      .values({ tokenHash: hashSecret(token), accountId, createdAt, lastUsedAt: createdAt })
      .execute();
    return token;
  }

  /** Whose it is, while it lasts. */
  async find(token: string): Promise<Account | undefined> {
    const tokenHash = hashSecret(token);
    const session = await this.#db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
      .select(['accounts.id', 'accounts.name', 'sessions.lastUsedAt'])
      .where('sessions.tokenHash', '=', tokenHash)
      .where('sessions.createdAt', '>', this.#iso(-SESSION_LIFE_MS))
      .where('sessions.lastUsedAt', '>', this.#iso(-SESSION_IDLE_MS))
      .executeTakeFirst();
    if (session === undefined) return undefined;
    if (session.lastUsedAt < this.#iso(-TOUCH_MS)) await this.#touch(tokenHash);
    return { id: session.id, name: session.name };
  }

  async end(token: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('tokenHash', '=', hashSecret(token)).execute();
  }

  async #touch(tokenHash: string): Promise<void> {
    await this.#db
      .updateTable('sessions')
      .set({ lastUsedAt: this.#iso(0) })
      .where('tokenHash', '=', tokenHash)
      .execute();
  }

  async #deleteExpired(): Promise<void> {
    await this.#db
      .deleteFrom('sessions')
      .where((row) =>
        row.or([
          row('createdAt', '<=', this.#iso(-SESSION_LIFE_MS)),
          row('lastUsedAt', '<=', this.#iso(-SESSION_IDLE_MS)),
        ]),
      )
      .execute();
  }

  #iso(fromNowMs: number): string {
    return new Date(this.#now() + fromNowMs).toISOString();
  }
}
