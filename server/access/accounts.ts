import { randomUUID } from 'node:crypto';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { hashSecret, newSecret } from './secrets.ts';

export interface Account {
  id: string;
  name: string;
}

/** Administrators. The first account is made by whoever holds the set-up link. */
export class Accounts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A new token for the set-up link; earlier ones end. None where there is an account already. */
  async newSetupToken(): Promise<string | undefined> {
    const token = newSecret('');
    const row = { tokenHash: hashSecret(token), createdAt: new Date().toISOString() };
    return this.#db.transaction().execute(async (trx) => {
      if (await hasAccounts(trx)) return undefined;
      await trx.deleteFrom('setupTokens').execute();
      await trx.insertInto('setupTokens').values(row).execute();
      return token;
    });
  }

  /**
   * Makes the first account. The token is used up by it.
   *
   * @throws SfumatoError `unauthorized` where the token is not the one of the last start, or was used
   */
  async setUp(token: string, name: string, password: string): Promise<Account> {
    const row = {
      id: randomUUID(),
      name,
      passwordHash: await hashPassword(password),
      createdAt: new Date().toISOString(),
    };
    await this.#db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('setupTokens')
        .where('tokenHash', '=', hashSecret(token))
        .executeTakeFirst();
      if (numDeletedRows === 0n || (await hasAccounts(trx))) throw usedUp();
      await trx.insertInto('accounts').values(row).execute();
    });
    return { id: row.id, name };
  }

  /** The account, if the password is its. */
  async verify(name: string, password: string): Promise<Account | undefined> {
    const row = await this.#db
      .selectFrom('accounts')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    const right = await isPassword(row?.passwordHash, password);
    return right && row !== undefined ? { id: row.id, name: row.name } : undefined;
  }
}

async function hasAccounts(db: Database): Promise<boolean> {
  return (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined;
}

function usedUp(): SfumatoError {
  return new SfumatoError('unauthorized', 'This set-up link is not valid any more.', {
    hint: 'The server says a new one at its next start, until there is an account.',
  });
}
