import { type Role, SfumatoError } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import type { AccountRow } from '../../store/tables.ts';
import { NO_PASSWORD } from '../passwords.ts';
import { type Account, asAccount, insertAccount } from '../people/accounts.ts';
import type { People } from '../people/people.ts';
import { type Claims, nameOf, numbered, roleOf } from './claims.ts';
import type { RoleSettings } from './oidc-settings.ts';

/** Who signs in, and what that changed here. */
export interface ExternalAccount {
  account: Account;
  /** Was it made just now? */
  isNew: boolean;
  /** Its role before, where that is another now. */
  formerRole: Role | undefined;
}

/** By these two, and by nothing else, somebody is known again: names and addresses are given to others. */
export interface Identity {
  issuer: string;
  subject: string;
}

const MOST_OF_ONE_NAME = 1000;

/** The accounts of those who sign in at another service. */
export class ExternalAccounts {
  readonly #db: Database;
  readonly #people: People;
  readonly #roles: RoleSettings;

  constructor({ db, people, roles }: { db: Database; people: People; roles: RoleSettings }) {
    this.#db = db;
    this.#people = people;
    this.#roles = roles;
  }

  /**
   * The account of somebody who has signed in: made at the first time, and with the role that the other service says.
   *
   * @throws SfumatoError `forbidden` for whoever may not come in
   */
  async admit(identity: Identity, claims: Claims): Promise<ExternalAccount> {
    const known = await this.#find(identity);
    if (known !== undefined) return this.#refresh(known, claims);
    const account = await this.#create(identity, nameOf(claims), this.#demandRole(claims));
    return { account, isNew: true, formerRole: undefined };
  }

  async #find({ issuer, subject }: Identity): Promise<AccountRow | undefined> {
    const query = this.#db.selectFrom('accounts').selectAll().where('issuer', '=', issuer);
    return query.where('subject', '=', subject).executeTakeFirst();
  }

  async #refresh(row: AccountRow, claims: Claims): Promise<ExternalAccount> {
    if (row.disabledAt !== null) {
      throw new SfumatoError('forbidden', 'This account is disabled.', {
        hint: 'Ask an administrator of this server.',
      });
    }
    const account = asAccount(row);
    const unchanged = { account, isNew: false, formerRole: undefined };
    if (this.#roles.claim === undefined) return unchanged;
    const role = this.#demandRole(claims);
    if (role === row.role || !(await this.#give(row.id, role))) return unchanged;
    return { account: { ...account, role }, isNew: false, formerRole: row.role };
  }

  /** @returns whether it was done: the last administrator stays one, whatever the other service says */
  async #give(id: string, role: Role): Promise<boolean> {
    try {
      await this.#people.change(id, { role });
      return true;
    } catch (error) {
      if (error instanceof SfumatoError && error.code === 'conflict') return false;
      throw error;
    }
  }

  /** Under the first name that nobody has: whoever has it stays who they are. */
  async #create(identity: Identity, name: string, role: Role): Promise<Account> {
    for (let count = 1; count <= MOST_OF_ONE_NAME; count += 1) {
      const wanted = numbered(name, count);
      if (await this.#people.accounts.isName(wanted)) continue;
      return insertAccount(this.#db, {
        name: wanted,
        role,
        passwordHash: NO_PASSWORD,
        ...identity,
      });
    }
    throw new SfumatoError('conflict', 'Too many accounts have that name.');
  }

  #demandRole(claims: Claims): Role {
    const role = roleOf(claims, this.#roles);
    if (role !== undefined) return role;
    throw new SfumatoError('forbidden', 'You have no account on this server.', {
      hint: 'Ask an administrator of this server.',
    });
  }
}
