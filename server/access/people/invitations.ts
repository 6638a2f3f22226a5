import { randomUUID } from 'node:crypto';
import { type Invitation, type Role, SfumatoError } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import type { InvitationRow } from '../../store/tables.ts';
import { hashPassword } from '../passwords.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { type Account, insertAccount } from './accounts.ts';

/** Whoever invites. */
export interface Inviter {
  name: string;
  /** None of a token that belongs to nobody. */
  accountId?: string | undefined;
}

/** Links with which others make an account of their own: for one use, and not for ever. */
export class Invitations {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @returns with the token of its link, which is not shown again */
  async create(
    { role, note, expiresInSeconds }: { role: Role; note: string; expiresInSeconds: number },
    by: Inviter,
  ): Promise<Invitation & { token: string }> {
    await this.#db.deleteFrom('invitations').where('expiresAt', '<=', this.#iso(0)).execute();
    const token = newSecret('');
    const row: InvitationRow = {
      ...{ id: randomUUID(), tokenHash: hashSecret(token), role, note },
      ...{ accountId: by.accountId ?? null, createdBy: by.name, createdAt: this.#iso(0) },
      expiresAt: this.#iso(expiresInSeconds * 1000),
    };
    await this.#db.insertInto('invitations').values(row).execute();
    return { ...asInvitation(row), token };
  }

  /** Those that can still be used, the newest first. */
  async list(): Promise<Invitation[]> {
    const rows = await this.#db
      .selectFrom('invitations')
      .selectAll()
      .where('expiresAt', '>', this.#iso(0))
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(asInvitation);
  }

  /** @throws SfumatoError `notFound` */
  async revoke(id: string): Promise<void> {
    const query = this.#db.deleteFrom('invitations').where('id', '=', id);
    const { numDeletedRows } = await query.executeTakeFirst();
    if (numDeletedRows === 0n) throw new SfumatoError('notFound', 'There is no such invitation.');
  }

  /**
   * Makes the account. The invitation is used up by it, and only by it.
   *
   * @throws SfumatoError `unauthorized` where the link is not valid any more, `conflict` where the name is taken
   */
  async accept(token: string, name: string, password: string): Promise<Account> {
    const tokenHash = hashSecret(token);
    // Hashing costs time and memory, of which those without an invitation get none.
    if ((await this.#valid(this.#db, tokenHash)) === undefined) throw notValid();
    const passwordHash = await hashPassword(password);
    return this.#db.transaction().execute(async (trx) => {
      const invitation = await this.#valid(trx, tokenHash);
      const query = trx.deleteFrom('invitations').where('tokenHash', '=', tokenHash);
      const { numDeletedRows } = await query.executeTakeFirst();
      if (invitation === undefined || numDeletedRows === 0n) throw notValid();
      return insertAccount(trx, { name, role: invitation.role, passwordHash });
    });
  }

  async #valid(db: Database, tokenHash: string): Promise<InvitationRow | undefined> {
    const query = db.selectFrom('invitations').selectAll().where('tokenHash', '=', tokenHash);
    return query.where('expiresAt', '>', this.#iso(0)).executeTakeFirst();
  }

  #iso(fromNowMs: number): string {
    return new Date(this.#now() + fromNowMs).toISOString();
  }
}

function asInvitation({
  tokenHash: _hash,
  accountId: _account,
  ...row
}: InvitationRow): Invitation {
  return row;
}

function notValid(): SfumatoError {
  return new SfumatoError('unauthorized', 'This invitation is not valid any more.', {
    hint: 'It is for one use and for some time. Ask for another.',
  });
}
