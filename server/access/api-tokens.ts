import { randomUUID } from 'node:crypto';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import type { ApiTokenRow } from '../store/tables.ts';
import { mayDo, type Principal, SCOPES, SCOPES_OF_ROLE, type Scope } from './principal.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** A token as it is listed: not the secret, which is shown once. */
export interface ApiToken {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
  /** null: when it is revoked. */
  expiresAt: string | null;
  lastUsedAt: string | null;
  /** The account that it belongs to, and ends with. */
  owner: { id: string; name: string } | null;
}

export interface NewApiToken {
  name: string;
  scopes: readonly Scope[];
  expiresInSeconds?: number | undefined;
}

/** Use is written down at most this often. */
const TOUCH_MS = 60_000;

/**
 * Bearer tokens (RFC 6750) for programs, each with a name, scopes, and an end. One that belongs to an account may never do
 * more than that account at the time.
 */
export class ApiTokens {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  /** @throws SfumatoError `forbidden` where it would have more scopes than whoever makes it */
  async create(wanted: NewApiToken, by: Principal): Promise<ApiToken & { token: string }> {
    demandAll(wanted.scopes, by);
    const token = newSecret('api_');
    const row: ApiTokenRow = {
      id: randomUUID(),
      name: wanted.name,
      tokenHash: hashSecret(token),
      scopes: SCOPES.filter((scope) => wanted.scopes.includes(scope)).join(' '),
      accountId: by.accountId ?? null,
      createdAt: this.#iso(0),
      expiresAt:
        wanted.expiresInSeconds === undefined ? null : this.#iso(wanted.expiresInSeconds * 1000),
      lastUsedAt: null,
    };
    await this.#db.insertInto('apiTokens').values(row).execute();
    const ownerName = by.kind === 'account' ? by.name : await this.#nameOf(row.accountId);
    return { ...asToken({ ...row, ownerName }), token };
  }

  /** Oldest first. @param accountId only those of this account */
  async list(accountId?: string): Promise<ApiToken[]> {
    let query = this.#db
      .selectFrom('apiTokens')
      .leftJoin('accounts', 'accounts.id', 'apiTokens.accountId')
      .selectAll('apiTokens')
      .select('accounts.name as ownerName');
    if (accountId !== undefined) query = query.where('apiTokens.accountId', '=', accountId);
    const rows = await query.orderBy('apiTokens.createdAt').orderBy('apiTokens.id').execute();
    return rows.map(asToken);
  }

  /** @param accountId only if it is this one's. @returns its name. @throws SfumatoError `notFound` */
  async revoke(id: string, accountId?: string): Promise<string> {
    const tokens = this.#db.selectFrom('apiTokens').select(['name', 'accountId']);
    const row = await tokens.where('id', '=', id).executeTakeFirst();
    if (row === undefined || (accountId !== undefined && row.accountId !== accountId)) {
      throw new SfumatoError('notFound', 'There is no such API token.');
    }
    await this.#db.deleteFrom('apiTokens').where('id', '=', id).execute();
    return row.name;
  }

  async find(token: string): Promise<Principal | undefined> {
    const row = await this.#db
      .selectFrom('apiTokens')
      .leftJoin('accounts', 'accounts.id', 'apiTokens.accountId')
      .selectAll('apiTokens')
      .select(['accounts.role', 'accounts.disabledAt'])
      .where('apiTokens.tokenHash', '=', hashSecret(token))
      .executeTakeFirst();
    if (row === undefined || row.disabledAt !== null || this.#isOver(row)) return undefined;
    if ((row.lastUsedAt ?? '') < this.#iso(-TOUCH_MS)) await this.#touch(row.id);
    const { id, name, role, accountId } = row;
    const granted = scopesOf(row);
    if (accountId === null || role === null) return { kind: 'apiToken', id, name, scopes: granted };
    const owner = { scopes: [...SCOPES_OF_ROLE[role]] };
    const scopes = granted.filter((scope) => mayDo(owner, scope));
    return { kind: 'apiToken', id, name, scopes, accountId };
  }

  async #touch(id: string): Promise<void> {
    const lastUsedAt = this.#iso(0);
    await this.#db.updateTable('apiTokens').set({ lastUsedAt }).where('id', '=', id).execute();
  }

  async #nameOf(accountId: string | null): Promise<string | null> {
    if (accountId === null) return null;
    const query = this.#db.selectFrom('accounts').select('name').where('id', '=', accountId);
    return (await query.executeTakeFirst())?.name ?? null;
  }

  #isOver({ expiresAt }: ApiTokenRow): boolean {
    return expiresAt !== null && expiresAt <= this.#iso(0);
  }

  #iso(fromNowMs: number): string {
    return new Date(this.#now() + fromNowMs).toISOString();
  }
}

function demandAll(scopes: readonly Scope[], by: Principal): void {
  const lacking = scopes.filter((scope) => !mayDo(by, scope));
  if (lacking.length === 0) return;
  const names = lacking.join(', ');
  throw new SfumatoError('forbidden', `Nobody gives what they do not have: ${names}.`);
}

function asToken(row: ApiTokenRow & { ownerName: string | null }): ApiToken {
  const { id, name, createdAt, expiresAt, lastUsedAt, accountId, ownerName } = row;
  const owner =
    accountId === null || ownerName === null ? null : { id: accountId, name: ownerName };
  return { id, name, scopes: scopesOf(row), createdAt, expiresAt, lastUsedAt, owner };
}

function scopesOf({ scopes }: ApiTokenRow): Scope[] {
  const granted = new Set(scopes.split(' '));
  return SCOPES.filter((scope) => granted.has(scope));
}
