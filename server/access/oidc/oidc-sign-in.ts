import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { Database } from '../../store/database.ts';
import type { LoginLimits } from '../login-limits.ts';
import type { Caller } from '../people/logins.ts';
import type { Login, People } from '../people/people.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { type ExternalAccount, ExternalAccounts } from './external-accounts.ts';
import { type Checks, OidcClient } from './oidc-client.ts';
import type { OidcSettings } from './oidc-settings.ts';

export interface OidcSignInOptions {
  db: Database;
  settings: OidcSettings;
  people: People;
  limits: LoginLimits;
  now: () => number;
}

/** For how long somebody may be away to sign in, milliseconds. */
export const SIGN_IN_MS = 10 * 60 * 1000;

const identitySchema = z.object({ iss: z.string().min(1), sub: z.string().min(1) });
const causeSchema = z.object({ error: z.string().optional(), code: z.string().optional() });

/**
 * Signing in at another service. The browser that begins gets a secret, as a cookie; state, nonce and PKCE's verifier are
 * made of it, so that the answer counts in that browser only, and once.
 */
export class OidcSignIn {
  readonly name: string;
  readonly #db: Database;
  readonly #client: OidcClient;
  readonly #accounts: ExternalAccounts;
  readonly #people: People;
  readonly #limits: LoginLimits;
  readonly #now: () => number;

  constructor({ db, settings, people, limits, now }: OidcSignInOptions) {
    this.name = settings.name;
    this.#db = db;
    this.#client = new OidcClient(settings, now);
    this.#accounts = new ExternalAccounts({ db, people, roles: settings.roles });
    this.#people = people;
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * @param redirectUri of ours, where the browser comes back to
   * @param returnTo the path of ours to go to in the end
   * @throws SfumatoError `unavailable`, `tooMany`
   */
  async begin(
    { redirectUri, returnTo }: { redirectUri: string; returnTo: string },
    { address }: Caller,
  ): Promise<{ location: string; secret: string }> {
    await this.#limits.signIn(address);
    const secret = newSecret('');
    const url = await this.#client.authorizationUrl(redirectUri, checksOf(secret));
    await this.#db.deleteFrom('signIns').where('createdAt', '<=', this.#oldest()).execute();
    const createdAt = new Date(this.#now()).toISOString();
    const row = { secretHash: hashSecret(secret), returnTo, createdAt };
    await this.#db.insertInto('signIns').values(row).execute();
    return { location: url.href, secret };
  }

  /**
   * @param secret of the browser that comes back
   * @param url with what the other service says
   * @throws SfumatoError `unauthorized` where it is not the answer to this browser's question, `forbidden`,
   *   `unavailable`
   */
  async finish(
    { secret, url }: { secret: string | undefined; url: URL },
    from: Caller,
  ): Promise<ExternalAccount & { login: Login; returnTo: string }> {
    const returnTo = await this.#take(secret);
    if (secret === undefined || returnTo === undefined) throw notBegun();
    const { claims, identity } = await this.#ask(url, checksOf(secret));
    const admitted = await this.#accounts.admit(identity, claims);
    return { ...admitted, returnTo, login: await this.#people.open(admitted.account, from) };
  }

  /** Once: whoever comes second finds nothing. @returns where to go in the end */
  async #take(secret: string | undefined): Promise<string | undefined> {
    if (secret === undefined) return undefined;
    const row = await this.#db
      .deleteFrom('signIns')
      .where('secretHash', '=', hashSecret(secret))
      .where('createdAt', '>', this.#oldest())
      .returning('returnTo')
      .executeTakeFirst();
    return row?.returnTo;
  }

  async #ask(url: URL, checks: Checks) {
    try {
      const claims = await this.#client.claims(url, checks);
      const { iss: issuer, sub: subject } = identitySchema.parse(claims);
      return { claims, identity: { issuer, subject } };
    } catch (cause) {
      throw cause instanceof SfumatoError ? cause : this.#refused(cause);
    }
  }

  #refused(cause: unknown): SfumatoError {
    const { error, code } = causeSchema.safeParse(cause).data ?? {};
    const why = error ?? code ?? 'no answer';
    return new SfumatoError('unauthorized', `${this.name} did not sign you in (${why}).`, {
      cause,
      hint: 'Try again.',
    });
  }

  #oldest(): string {
    return new Date(this.#now() - SIGN_IN_MS).toISOString();
  }
}

/** 256 bits each, of which none tells another. */
function checksOf(secret: string): Checks {
  const made = (label: string) => createHmac('sha256', secret).update(label).digest('base64url');
  return { state: made('state'), nonce: made('nonce'), codeVerifier: made('code verifier') };
}

function notBegun(): SfumatoError {
  return new SfumatoError('unauthorized', 'This sign-in was not begun here, or too long ago.', {
    hint: 'Try again.',
  });
}
