import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { type Account, Accounts } from './accounts.ts';
import { ApiTokens } from './api-tokens.ts';
import { LoginLimits } from './login-limits.ts';
import type { Principal } from './principal.ts';
import { sameSecret } from './secrets.ts';
import { Sessions } from './sessions.ts';
import { StreamKeys } from './stream-keys.ts';

export interface AccessOptions {
  db: Database;
  /** The setting ADMIN_TOKEN: a bearer token that may do everything. */
  adminToken: string | undefined;
  /** The wall clock, milliseconds since the Unix epoch. */
  now?: () => number;
}

/** What somebody shows to prove who they are. */
export interface Credentials {
  /** Of `Authorization: Bearer`. */
  bearer: string | undefined;
  /** Of the session's cookie. */
  session: string | undefined;
}

export interface Login {
  name: string;
  /** The session's token, for its cookie. */
  token: string;
}

/** Who may do what: accounts, their sessions, API tokens, and the Channels' stream keys. */
export class Access {
  readonly apiTokens: ApiTokens;
  readonly streamKeys: StreamKeys;
  readonly #accounts: Accounts;
  readonly #sessions: Sessions;
  readonly #limits = new LoginLimits();
  readonly #adminToken: string | undefined;

  constructor({ db, adminToken, now = Date.now }: AccessOptions) {
    this.apiTokens = new ApiTokens(db);
    this.streamKeys = new StreamKeys(db);
    this.#accounts = new Accounts(db);
    this.#sessions = new Sessions(db, now);
    this.#adminToken = adminToken;
  }

  /** For the set-up link; none where there is an account, or automation has its own token. */
  async newSetupToken(): Promise<string | undefined> {
    return this.#adminToken === undefined ? this.#accounts.newSetupToken() : undefined;
  }

  /**
   * Makes the first account and logs it in.
   *
   * @throws SfumatoError `unauthorized`, `tooMany`
   */
  async setUp(
    { token, name, password }: { token: string; name: string; password: string },
    address: string,
  ): Promise<Login> {
    await this.#limits.attempt(address, name);
    const account = await this.#accounts.setUp(token, name, password);
    return this.#open(account, address);
  }

  /** @throws SfumatoError `unauthorized`, `tooMany` */
  async logIn(
    { name, password }: { name: string; password: string },
    address: string,
  ): Promise<Login> {
    await this.#limits.attempt(address, name);
    const account = await this.#accounts.verify(name, password);
    if (account === undefined) {
      throw new SfumatoError('unauthorized', 'The name or the password is wrong.');
    }
    return this.#open(account, address);
  }

  async logOut(session: string): Promise<void> {
    await this.#sessions.end(session);
  }

  /**
   * Who is it? A token that is shown counts alone: a wrong one is not made good by a cookie.
   *
   * @throws SfumatoError `unauthorized` where the token is not a valid one
   */
  async identify({ bearer, session }: Credentials): Promise<Principal | undefined> {
    if (bearer !== undefined) return this.#identifyBearer(bearer);
    const account = session === undefined ? undefined : await this.#sessions.find(session);
    return account && { kind: 'account', ...account, scopes: ['admin'] };
  }

  async #identifyBearer(bearer: string): Promise<Principal> {
    if (this.#adminToken !== undefined && sameSecret(bearer, this.#adminToken)) {
      return { kind: 'adminToken', id: 'ADMIN_TOKEN', name: 'ADMIN_TOKEN', scopes: ['admin'] };
    }
    const principal = await this.apiTokens.find(bearer);
    if (principal !== undefined) return principal;
    throw new SfumatoError('unauthorized', 'The token is not a valid one, or was revoked.');
  }

  async #open(account: Account, address: string): Promise<Login> {
    await this.#limits.succeeded(address, account.name);
    return { name: account.name, token: await this.#sessions.create(account.id) };
  }
}
