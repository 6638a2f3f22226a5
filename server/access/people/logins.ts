import { randomUUID } from 'node:crypto';
import { type LoginSession, SfumatoError } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import type { SessionRow } from '../../store/tables.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { type Account, asAccount } from './accounts.ts';

/** Ends a login that nobody used for so long. */
export const LOGIN_IDLE_MS = 24 * 60 * 60 * 1000;
/** Ends every login, used or not. */
export const LOGIN_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Use is written down at most this often. */
const TOUCH_MS = 60_000;
/** The longest that is kept of what a browser says of itself. */
const MAX_USER_AGENT = 256;

/** From where somebody comes. */
export interface Caller {
  address: string;
  /** The header `User-Agent`. */
  userAgent?: string | undefined;
}

/**
 * Browsers in which somebody is logged in. A login has an opaque random token, of which the server knows only the hash,
 * and an id apart from it, by which it is listed and ended.
 */
export class Logins {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @returns the token, which is not kept */
  async open(accountId: string, { address, userAgent }: Caller): Promise<string> {
    await this.#deleteExpired();
    const token = newSecret('');
    const createdAt = this.#iso(0);
    const row: SessionRow = {
      ...{ id: randomUUID(), tokenHash: hashSecret(token), accountId, address },
      userAgent: userAgent?.slice(0, MAX_USER_AGENT) ?? null,
      ...{ createdAt, lastUsedAt: createdAt },
    };
    await this.#db.insertInto('sessions').values(row).execute();
    await this.#seen(accountId);
    return token;
  }

  /** Whose it is, while it lasts. */
  async find(token: string): Promise<(Account & { loginId: string }) | undefined> {
    const session = await this.#db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
      .select(['accounts.id', 'accounts.name', 'accounts.role', 'accounts.issuer'])
      .select(['sessions.id as loginId', 'sessions.lastUsedAt'])
      .where('sessions.tokenHash', '=', hashSecret(token))
      .where('accounts.disabledAt', 'is', null)
      .where('sessions.createdAt', '>', this.#iso(-LOGIN_LIFE_MS))
      .where('sessions.lastUsedAt', '>', this.#iso(-LOGIN_IDLE_MS))
      .executeTakeFirst();
    if (session === undefined) return undefined;
    const { loginId, lastUsedAt } = session;
    if (lastUsedAt < this.#iso(-TOUCH_MS)) await this.#touch(loginId, session.id);
    return { ...asAccount(session), loginId };
  }

  /** Newest first. @param currentId of the login that asks */
  async list(accountId: string, currentId: string | undefined): Promise<LoginSession[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['id', 'accountId', 'createdAt', 'lastUsedAt', 'address', 'userAgent'])
      .where('accountId', '=', accountId)
      .where('createdAt', '>', this.#iso(-LOGIN_LIFE_MS))
      .where('lastUsedAt', '>', this.#iso(-LOGIN_IDLE_MS))
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ ...row, current: row.id === currentId }));
  }

  /** @returns what it was. @param accountId only if it is this one's. @throws SfumatoError `notFound` */
  async end(
    id: string,
    accountId: string | undefined,
  ): Promise<{ id: string; accountId: string; name: string }> {
    const found = await this.#db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
      .select(['sessions.id', 'sessions.accountId', 'accounts.name'])
      .where('sessions.id', '=', id)
      .executeTakeFirst();
    if (found === undefined || (accountId !== undefined && found.accountId !== accountId)) {
      throw new SfumatoError('notFound', 'There is no such login.');
    }
    await this.#db.deleteFrom('sessions').where('id', '=', id).execute();
    return found;
  }

  /** All of an account but this one. */
  async endOthers(accountId: string, keptId: string): Promise<void> {
    const others = this.#db.deleteFrom('sessions').where('accountId', '=', accountId);
    await others.where('id', '!=', keptId).execute();
  }

  async #touch(id: string, accountId: string): Promise<void> {
    const lastUsedAt = this.#iso(0);
    await this.#db.updateTable('sessions').set({ lastUsedAt }).where('id', '=', id).execute();
    await this.#seen(accountId);
  }

  async #seen(accountId: string): Promise<void> {
    const lastSeenAt = this.#iso(0);
    const accounts = this.#db.updateTable('accounts').set({ lastSeenAt });
    await accounts.where('id', '=', accountId).execute();
  }

  async #deleteExpired(): Promise<void> {
    await this.#db
      .deleteFrom('sessions')
      .where((row) =>
        row.or([
          row('createdAt', '<=', this.#iso(-LOGIN_LIFE_MS)),
          row('lastUsedAt', '<=', this.#iso(-LOGIN_IDLE_MS)),
        ]),
      )
      .execute();
  }

  #iso(fromNowMs: number): string {
    return new Date(this.#now() + fromNowMs).toISOString();
  }
}
