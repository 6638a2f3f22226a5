import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Database } from '../store/database.ts';
import { ApiTokens } from './api-tokens.ts';
import { Audit } from './audit/audit.ts';
import { type RightsChange, RightsChanges } from './changes.ts';
import { LoginLimits } from './login-limits.ts';
import type { OidcSettings } from './oidc/oidc-settings.ts';
import { OidcSignIn } from './oidc/oidc-sign-in.ts';
import { People } from './people/people.ts';
import type { Principal } from './principal.ts';
import { sameSecret } from './secrets.ts';
import { StreamKeys } from './stream-keys.ts';

export interface AccessOptions {
  db: Database;
  /** The setting ADMIN_TOKEN: a bearer token that may do everything. */
  adminToken: string | undefined;
  /** For how long the audit log is kept. */
  auditDays?: number;
  /** Where else people may sign in. */
  oidc?: OidcSettings | undefined;
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

const AUDIT_DAYS = 365;

/** Who may do what: people and their logins, API tokens, the Channels' stream keys, and what was done with it all. */
export class Access {
  readonly people: People;
  readonly apiTokens: ApiTokens;
  readonly streamKeys: StreamKeys;
  readonly audit: Audit;
  /** Undefined where nobody may sign in elsewhere. */
  readonly oidc: OidcSignIn | undefined;
  readonly limits = new LoginLimits();
  readonly #changes = new RightsChanges();
  readonly #adminToken: string | undefined;

  constructor(options: AccessOptions) {
    const { db, adminToken, auditDays = AUDIT_DAYS, oidc, now = Date.now } = options;
    const { limits } = this;
    this.people = new People({ db, limits, changes: this.#changes, now });
    this.apiTokens = new ApiTokens(db, now);
    this.streamKeys = new StreamKeys(db);
    this.audit = new Audit(db, { keepDays: auditDays, now });
    this.oidc = oidc && new OidcSignIn({ db, settings: oidc, people: this.people, limits, now });
    this.#adminToken = adminToken;
  }

  /** For the set-up link; none where there is an administrator, or automation has its own token. */
  async newSetupToken(): Promise<string | undefined> {
    return this.#adminToken === undefined ? this.people.accounts.newSetupToken() : undefined;
  }

  /** Called when somebody has other rights than before. The returned function stops it. */
  onRightsChanged(listener: (who: RightsChange) => void): () => void {
    return this.#changes.on(listener);
  }

  /** @param accountId only if it is this one's. @returns its name. @throws SfumatoError `notFound` */
  async revokeToken(id: string, accountId?: string): Promise<string> {
    const name = await this.apiTokens.revoke(id, accountId);
    this.#changes.tell({ tokenId: id });
    return name;
  }

  /**
   * Who is it? A token that is shown counts alone: a wrong one is not made good by a cookie.
   *
   * @throws SfumatoError `unauthorized` where the token is not a valid one
   */
  async identify({ bearer, session }: Credentials): Promise<Principal | undefined> {
    if (bearer !== undefined) return this.#identifyBearer(bearer);
    return session === undefined ? undefined : this.people.find(session);
  }

  isAdminToken(bearer: string): boolean {
    return this.#adminToken !== undefined && sameSecret(bearer, this.#adminToken);
  }

  async #identifyBearer(bearer: string): Promise<Principal> {
    if (this.isAdminToken(bearer)) {
      return { kind: 'adminToken', id: 'ADMIN_TOKEN', name: 'ADMIN_TOKEN', scopes: ['admin'] };
    }
    const principal = await this.apiTokens.find(bearer);
    if (principal !== undefined) return principal;
    throw new SfumatoError('unauthorized', 'The token is not a valid one, or was revoked.');
  }
}
