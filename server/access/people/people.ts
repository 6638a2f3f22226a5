import {
  type AccountInfo,
  type LoginSession,
  type Role,
  SfumatoError,
} from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import type { RightsChanges } from '../changes.ts';
import type { LoginLimits } from '../login-limits.ts';
import { type Principal, SCOPES_OF_ROLE } from '../principal.ts';
import { type Account, Accounts } from './accounts.ts';
import { Invitations } from './invitations.ts';
import { type Caller, Logins } from './logins.ts';

export interface PeopleOptions {
  db: Database;
  limits: LoginLimits;
  changes: RightsChanges;
  /** The wall clock, milliseconds since the Unix epoch. */
  now: () => number;
}

export interface Login {
  name: string;
  /** For its cookie. */
  token: string;
}

interface NameAndPassword {
  name: string;
  password: string;
}

/** Accounts and what is done with them: whoever has lost a right by it is told of in `changes`. */
export class People {
  readonly accounts: Accounts;
  readonly invitations: Invitations;
  readonly #logins: Logins;
  readonly #limits: LoginLimits;
  readonly #changes: RightsChanges;

  constructor({ db, limits, changes, now }: PeopleOptions) {
    this.accounts = new Accounts(db);
    this.invitations = new Invitations(db, now);
    this.#logins = new Logins(db, now);
    this.#limits = limits;
    this.#changes = changes;
  }

  /**
   * Makes the first account and logs it in.
   *
   * @throws SfumatoError `unauthorized`, `tooMany`, `conflict`
   */
  async setUp(
    { token, name, password }: NameAndPassword & { token: string },
    from: Caller,
  ): Promise<Login> {
    await this.#limits.attempt(from.address, name);
    const account = await this.accounts.setUp(token, name, password);
    await this.#limits.succeeded(from.address, name);
    return this.open(account, from);
  }

  /** @throws SfumatoError `unauthorized`, `tooMany` */
  async logIn({ name, password }: NameAndPassword, from: Caller): Promise<Login> {
    await this.#limits.attempt(from.address, name);
    const account = await this.accounts.verify(name, password);
    if (account === undefined) {
      throw new SfumatoError('unauthorized', 'The name or the password is wrong.');
    }
    await this.#limits.succeeded(from.address, name);
    return this.open(account, from);
  }

  /**
   * Makes an account by an invitation and logs it in.
   *
   * @throws SfumatoError `unauthorized` where the link is not valid any more, `conflict`, `tooMany`
   */
  async accept(
    { token, name, password }: NameAndPassword & { token: string },
    from: Caller,
  ): Promise<Login & { role: Role }> {
    await this.#limits.attempt(from.address, name);
    const account = await this.invitations.accept(token, name, password);
    await this.#limits.succeeded(from.address, name);
    return { role: account.role, ...(await this.open(account, from)) };
  }

  /** Logs in somebody who has proved who they are. */
  async open({ id, name }: Account, from: Caller): Promise<Login> {
    return { name, token: await this.#logins.open(id, from) };
  }

  async find(token: string): Promise<Principal | undefined> {
    const found = await this.#logins.find(token);
    if (found === undefined) return undefined;
    const scopes = [...SCOPES_OF_ROLE[found.role]];
    return { kind: 'account', ...found, accountId: found.id, scopes };
  }

  /** @returns whose it was. Idempotent. */
  async logOut(token: string): Promise<string | undefined> {
    const found = await this.#logins.find(token);
    if (found === undefined) return undefined;
    await this.endLogin(found.loginId);
    return found.name;
  }

  async listLogins(accountId: string, currentId: string | undefined): Promise<LoginSession[]> {
    return this.#logins.list(accountId, currentId);
  }

  /**
   * @param accountId only if it is this one's
   * @returns the name of the account
   * @throws SfumatoError `notFound`
   */
  async endLogin(id: string, accountId?: string): Promise<string> {
    const ended = await this.#logins.end(id, accountId);
    this.#changes.tell({ loginId: ended.id, accountId: ended.accountId });
    return ended.name;
  }

  /**
   * One's own. All other logins end.
   *
   * @throws SfumatoError `forbidden` for those that have none here, or if the present one is wrong; `tooMany`
   */
  async changePassword(
    { name, accountId, loginId, external = false }: Principal,
    { password, newPassword }: { password: string; newPassword: string },
    from: Caller,
  ): Promise<void> {
    if (accountId === undefined || loginId === undefined || external) {
      throw new SfumatoError('forbidden', 'There is no password here to be changed.');
    }
    await this.#limits.attempt(from.address, name);
    if ((await this.accounts.verify(name, password)) === undefined) {
      throw new SfumatoError('forbidden', 'The present password is wrong.');
    }
    await this.#limits.succeeded(from.address, name);
    await this.accounts.setPassword(accountId, newPassword);
    await this.#logins.endOthers(accountId, loginId);
    this.#changes.tell({ accountId });
  }

  /** @throws SfumatoError `notFound`; `conflict` where no administrator would be left */
  async change(
    id: string,
    changes: { role?: Role | undefined; disabled?: boolean | undefined },
  ): Promise<AccountInfo> {
    const account = await this.accounts.change(id, changes);
    this.#changes.tell({ accountId: id });
    return account;
  }

  /** @throws SfumatoError `notFound`; `conflict` where no administrator would be left */
  async delete(id: string): Promise<AccountInfo> {
    const account = await this.accounts.delete(id);
    this.#changes.tell({ accountId: id });
    return account;
  }
}
