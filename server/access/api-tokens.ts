import { randomUUID } from 'node:crypto';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import type { ApiTokenRow } from '../store/tables.ts';
import { type Principal, SCOPES, type Scope } from './principal.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** A token as it is listed: not the secret, which is shown once. */
export interface ApiToken {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
}

/** Bearer tokens (RFC 6750) for programs, each with a name, scopes, and an end by hand. */
export class ApiTokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(name: string, scopes: readonly Scope[]): Promise<ApiToken & { token: string }> {
    const token = newSecret('api_');
    const row: ApiTokenRow = {
      id: randomUUID(),
      name,
      tokenHash: hashSecret(token),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)).join(' '),
      createdAt: new Date().toISOString(),
    };
    await this.#db.insertInto('apiTokens').values(row).execute();
    return { ...asToken(row), token };
  }

  /** Oldest first. */
  async list(): Promise<ApiToken[]> {
    const rows = await this.#db
      .selectFrom('apiTokens')
      .selectAll()
      .orderBy('createdAt')
      .orderBy('id')
      .execute();
    return rows.map(asToken);
  }

  /** @throws SfumatoError `notFound` */
  async revoke(id: string): Promise<void> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('apiTokens')
      .where('id', '=', id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new SfumatoError('notFound', 'There is no such API token.');
  }

  async find(token: string): Promise<Principal | undefined> {
    const row = await this.#db
      .selectFrom('apiTokens')
      .selectAll()
      .where('tokenHash', '=', hashSecret(token))
      .executeTakeFirst();
    return row && { kind: 'apiToken', id: row.id, name: row.name, scopes: asToken(row).scopes };
  }
}

function asToken({ id, name, scopes, createdAt }: ApiTokenRow): ApiToken {
  const granted = new Set(scopes.split(' '));
  return { id, name, scopes: SCOPES.filter((scope) => granted.has(scope)), createdAt };
}
