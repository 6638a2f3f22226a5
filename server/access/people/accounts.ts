import { randomUUID } from 'node:crypto';
import { type AccountInfo, type Role, SfumatoError } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import { inTransaction, lockTable } from '../../store/dialect.ts';
import type { AccountRow } from '../../store/tables.ts';
import { hashPassword, isPassword } from '../passwords.ts';
import { hashSecret, newSecret } from '../secrets.ts';

export interface Account {
  id: string;
  name: string;
  role: Role;
  /** Signs in at another service. */
  external: boolean;
}

export interface NewAccount {
  name: string;
  role: Role;
  /** As `hashPassword` makes it; empty where they sign in elsewhere. */
  passwordHash: string;
  issuer?: string;
  subject?: string;
}

/** People with an account. The first is made by whoever holds the set-up link. */
export class Accounts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A new token for the set-up link; earlier ones end. None where there is an administrator already. */
  async newSetupToken(): Promise<string | undefined> {
    const token = newSecret('');
    const row = { tokenHash: hashSecret(token), createdAt: new Date().toISOString() };
    return this.#db.transaction().execute(async (trx) => {
      if ((await administrators(trx)).length > 0) return undefined;
      await trx.deleteFrom('setupTokens').execute();
      await trx.insertInto('setupTokens').values(row).execute();
      return token;
    });
  }

  /**
   * Makes the first account. The token is used up by it.
   *
   * @throws SfumatoError `unauthorized` where the token is not the one of the last start, or was used;
   *   `conflict`
   */
  async setUp(token: string, name: string, password: string): Promise<Account> {
    const passwordHash = await hashPassword(password);
    return this.#db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('setupTokens')
        .where('tokenHash', '=', hashSecret(token))
        .executeTakeFirst();
      if (numDeletedRows === 0n || (await administrators(trx)).length > 0) throw usedUp();
      return insertAccount(trx, { name, role: 'administrator', passwordHash });
    });
  }

  /** The account, if the password is its. Of one that is disabled nothing is said, not even that. */
  async verify(name: string, password: string): Promise<Account | undefined> {
    const row = await this.#db
      .selectFrom('accounts')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    const right = await isPassword(row?.passwordHash, password);
    return right && row?.disabledAt === null ? asAccount(row) : undefined;
  }

  /** By name. */
  async list(): Promise<AccountInfo[]> {
    const rows = await this.#db.selectFrom('accounts').selectAll().orderBy('name').execute();
    return rows.map(asInfo);
  }

  async isName(name: string): Promise<boolean> {
    const query = this.#db.selectFrom('accounts').select('id').where('name', '=', name);
    return (await query.executeTakeFirst()) !== undefined;
  }

  async setPassword(id: string, password: string): Promise<void> {
    const passwordHash = await hashPassword(password);
    await this.#db.updateTable('accounts').set({ passwordHash }).where('id', '=', id).execute();
  }

  /**
   * Role, and whether they may log in. With the right to it end the logins, and the invitations that they sent.
   *
   * @throws SfumatoError `notFound`; `conflict` where no administrator would be left
   */
  async change(
    id: string,
    changes: { role?: Role | undefined; disabled?: boolean | undefined },
  ): Promise<AccountInfo> {
    return inTransaction(this.#db, async (trx) => {
      const row = await this.#demand(trx, id);
      const changed = { ...row, role: changes.role ?? row.role, disabledAt: until(row, changes) };
      if (!isAdministrator(changed)) await demandAnother(trx, row);
      const { role, disabledAt } = changed;
      await trx.updateTable('accounts').set({ role, disabledAt }).where('id', '=', id).execute();
      await endWhatIsLost(trx, changed);
      return asInfo(changed);
    });
  }

  /** @throws SfumatoError `notFound`; `conflict` where no administrator would be left */
  async delete(id: string): Promise<AccountInfo> {
    return inTransaction(this.#db, async (trx) => {
      const row = await this.#demand(trx, id);
      await demandAnother(trx, row);
      await trx.deleteFrom('accounts').where('id', '=', id).execute();
      return asInfo(row);
    });
  }

  /** Nobody else changes accounts until the transaction ends: two administrators might end each other. */
  async #demand(trx: Database, id: string): Promise<AccountRow> {
    await lockTable(trx, 'accounts');
    const query = trx.selectFrom('accounts').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    if (row === undefined) throw new SfumatoError('notFound', 'There is no such account.');
    return row;
  }
}

/** @throws SfumatoError `conflict` where the name is taken, by whomever */
export async function insertAccount(db: Database, account: NewAccount): Promise<Account> {
  const { name, role, passwordHash, issuer = null, subject = null } = account;
  const createdAt = new Date().toISOString();
  const row = { id: randomUUID(), name, role, passwordHash, issuer, subject, createdAt };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('accounts')
    .values({ ...row, disabledAt: null, lastSeenAt: null })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n) return asAccount(row);
  throw new SfumatoError('conflict', 'There is an account of that name already.', {
    hint: 'Choose another name.',
  });
}

export function asAccount({
  id,
  name,
  role,
  issuer,
}: Pick<AccountRow, 'id' | 'name' | 'role' | 'issuer'>): Account {
  return { id, name, role, external: issuer !== null };
}

function asInfo(row: AccountRow): AccountInfo {
  const { disabledAt, createdAt, lastSeenAt } = row;
  return { ...asAccount(row), disabled: disabledAt !== null, createdAt, lastSeenAt };
}

function until(row: AccountRow, { disabled }: { disabled?: boolean | undefined }): string | null {
  if (disabled === undefined) return row.disabledAt;
  return disabled ? (row.disabledAt ?? new Date().toISOString()) : null;
}

function isAdministrator({ role, disabledAt }: Pick<AccountRow, 'role' | 'disabledAt'>): boolean {
  return role === 'administrator' && disabledAt === null;
}

/** Such as may log in. */
async function administrators(db: Database): Promise<{ id: string }[]> {
  const query = db.selectFrom('accounts').select('id').where('role', '=', 'administrator');
  return query.where('disabledAt', 'is', null).limit(2).execute();
}

async function demandAnother(trx: Database, row: AccountRow): Promise<void> {
  if (!isAdministrator(row)) return;
  if ((await administrators(trx)).some(({ id }) => id !== row.id)) return;
  throw new SfumatoError('conflict', 'This is the last administrator.', {
    hint: 'Make somebody else an administrator first.',
  });
}

async function endWhatIsLost(trx: Database, row: AccountRow): Promise<void> {
  const { id, disabledAt } = row;
  if (disabledAt !== null) await trx.deleteFrom('sessions').where('accountId', '=', id).execute();
  if (isAdministrator(row)) return;
  await trx.deleteFrom('invitations').where('accountId', '=', id).execute();
}

function usedUp(): SfumatoError {
  return new SfumatoError('unauthorized', 'This set-up link is not valid any more.', {
    hint: 'The server says a new one at its next start, until there is an administrator.',
  });
}
