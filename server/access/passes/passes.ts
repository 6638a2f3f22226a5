import { randomUUID } from 'node:crypto';
import { errors, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import type { Logger } from 'pino';
import {
  type PlaybackGrant,
  playbackTokenSchema,
  SfumatoError,
} from '../../../signaling/contract/index.ts';
import type { Pass } from '../../rights/may-watch.ts';
import type { Database } from '../../store/database.ts';
import { isDatabaseTrouble } from '../../store/database-errors.ts';
import { kindOf } from '../../store/dialect.ts';
import { IssuerKeys } from './issuer-keys.ts';
import {
  claimedIssuer,
  MAX_TOKEN_SECONDS,
  OWN_TYPE,
  PASSWORD_CLAIM,
  passOf,
  type TokenFault,
  WATCH_SCOPE,
} from './claims.ts';
import { OWN_ALGORITHM, OwnKeys } from './own-keys.ts';
import { Revocations, type RevocationListener } from './revocations.ts';
import { IssuedTokens, type TokenPage, type TokenPageRequest } from './issued-tokens.ts';
import { faultOf, TokenRefusal } from './token-fault.ts';

/** Somebody else whose tokens are believed: the setting PLAYBACK_ISSUERS. */
export interface TrustedIssuer {
  issuer: string;
  jwksUrl: string;
  /** One of these must be whom its tokens are for; without, what our own are for. */
  audience?: string | readonly string[] | undefined;
  /** Of asymmetric ones only (RFC 8725 section 3.1). */
  algorithms: readonly string[];
}

export interface PassesOptions {
  db: Database;
  /** The origin under which the server is reached: that is who issues our tokens, and for whom. */
  publicUrl: string | undefined;
  issuers: readonly TrustedIssuer[];
  log: Logger;
  /** A token was shown that is none. */
  onRefused?: (fault: TokenFault) => void;
  /** The wall clock, milliseconds since the Unix epoch. */
  now?: () => number;
  /** Of the keys of others; milliseconds. */
  keyCooldownMs?: number;
  keyMaxAgeMs?: number;
}

/** What is to be in a token. */
export interface TokenRequest {
  /** Of the Channel or the Asset; `*` for all. */
  thingId: string;
  subject?: string | undefined;
  sites?: readonly string[] | undefined;
  expiresInSeconds: number;
}

interface Issuer {
  key: JWTVerifyGetKey;
  algorithms: string[];
  audience: string[];
  type: string | undefined;
}

export const DEFAULT_TOKEN_SECONDS = 10 * 60;
/** Of a pass for a password. */
export const PASSWORD_PASS_SECONDS = 12 * 60 * 60;
/** Revocations of other nodes are looked for this often, milliseconds. */
const LOOK_MS = 1_000;
/** Times are not looked at here, but by whoever asks whether somebody may watch. */
const ANY_TIME = Number.MAX_SAFE_INTEGER;

/** Playback tokens (RFC 7519): made, read, listed and taken back. */
export class Passes {
  readonly #issuer: string;
  readonly #issuers = new Map<string, Issuer>();
  readonly #keys: OwnKeys;
  readonly #issued: IssuedTokens;
  readonly #revocations: Revocations;
  readonly #options: PassesOptions;
  readonly #now: () => number;

  constructor(options: PassesOptions) {
    const { db, log, publicUrl, issuers, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#issuer = publicUrl ?? 'sfumato';
    this.#keys = new OwnKeys(db, now);
    this.#issued = new IssuedTokens(db, now);
    const lookEveryMs = kindOf(db) === 'postgres' ? LOOK_MS : undefined;
    this.#revocations = new Revocations({ db, log, now, lookEveryMs });
    for (const one of issuers) this.#issuers.set(one.issuer, this.#other(one));
    this.#issuers.set(this.#issuer, this.#own());
  }

  /**
   * What a token says, once its signature, issuer and audience are found right. Whether it holds now, and for what,
   * is not said here: `mayWatch` looks at its times, its thing and whether it was revoked.
   *
   * @throws SfumatoError `unavailable` where the keys of who made it cannot be fetched, or the database is in trouble
   */
  async read(token: string): Promise<Pass | 'wrong'> {
    try {
      const pass = await this.#verified(token);
      return { ...pass, isRevoked: await this.#revocations.has(pass.id) };
    } catch (error) {
      if (error instanceof SfumatoError) throw error;
      if (isDatabaseTrouble(error)) throw databaseTrouble(error);
      const fault = faultOf(error);
      // Nobody gets in by what we did not foresee.
      if (fault === undefined) this.#options.log.error({ err: error }, 'a playback token');
      this.#options.onRefused?.(fault ?? 'malformed');
      return 'wrong';
    }
  }

  /** @throws SfumatoError `badRequest` where too much is to be in it */
  async issue(request: TokenRequest, createdBy: string): Promise<PlaybackGrant> {
    const { thingId, subject, sites } = request;
    const grant = await this.#sign(request, {});
    await this.#issued.add({ ...grant, thingId, subject, sites, createdBy });
    return grant;
  }

  /** For who knows the password. It is not listed: it ends with its time, or with the password. */
  async issueForPassword(thingId: string, passwordVersion: number): Promise<PlaybackGrant> {
    const request = { thingId, expiresInSeconds: PASSWORD_PASS_SECONDS };
    return await this.#sign(request, { [PASSWORD_CLAIM]: passwordVersion });
  }

  /** Those that were issued and have not expired, the newest first. */
  async list(page: TokenPageRequest): Promise<TokenPage> {
    return await this.#issued.list(page);
  }

  /** Takes a pass back, of ours or of others; once is enough. */
  async revoke(passId: string): Promise<void> {
    await this.#revocations.add(passId);
    await this.#issued.remove(passId);
  }

  /** What others look at our signatures by. */
  async publicKeys(): Promise<JSONWebKeySet> {
    return { keys: await this.#keys.publicKeys() };
  }

  /** Signs with another key from now on. @param endEarlier what was signed before holds no longer */
  async rotateKeys(endEarlier: boolean): Promise<void> {
    const ended = await this.#keys.rotate(endEarlier);
    await this.#keys.deleteOld();
    await this.#revocations.addKeys(ended);
    if (ended.length > 0) await this.#issued.removeAll();
  }

  /** Called with who is not let in any more. The returned function stops it. */
  onRevoked(listener: RevocationListener): () => void {
    return this.#revocations.on(listener);
  }

  /** Deletes what has expired. It is done by itself now and then. */
  async sweep(): Promise<void> {
    await this.#revocations.sweep();
    await this.#keys.deleteOld();
  }

  /** Idempotent. */
  close(): void {
    this.#revocations.close();
  }

  async #verified(token: string): Promise<Pass> {
    const name = claimedIssuer(token);
    if (name === undefined) throw new TokenRefusal('malformed');
    const issuer = this.#issuers.get(name);
    if (issuer === undefined) throw new TokenRefusal('issuer');
    const { payload } = await jwtVerify(token, issuer.key, {
      ...{ issuer: name, audience: issuer.audience, algorithms: issuer.algorithms },
      ...{ typ: issuer.type, clockTolerance: ANY_TIME },
    });
    const isOwn = name === this.#issuer;
    const pass = passOf({ payload, token, isOwn, nowMs: this.#now() });
    if (pass === undefined) throw new TokenRefusal('claims');
    return pass;
  }

  async #sign(
    { thingId, subject, sites, expiresInSeconds }: TokenRequest,
    further: Record<string, number>,
  ): Promise<PlaybackGrant> {
    const { id: keyId, key } = await this.#keys.signer();
    const id = `${keyId}.${randomUUID()}`;
    const now = Math.floor(this.#now() / 1000);
    const exp = now + Math.min(expiresInSeconds, MAX_TOKEN_SECONDS);
    const claims = { id: thingId, scope: WATCH_SCOPE, ...(sites && { origin: [...sites] }) };
    const token = await new SignJWT({
      ...{ iss: this.#issuer, aud: this.#issuer, jti: id, iat: now, nbf: now, exp },
      ...(subject !== undefined && { sub: subject }),
      ...{ ...claims, ...further },
    })
      .setProtectedHeader({ alg: OWN_ALGORITHM, kid: keyId, typ: OWN_TYPE })
      .sign(key);
    if (!playbackTokenSchema.safeParse(token).success) throw tooMuch();
    return { token, id, expiresAt: new Date(exp * 1000).toISOString() };
  }

  #own(): Issuer {
    const key: JWTVerifyGetKey = async ({ kid }) => {
      const found = kid === undefined ? undefined : await this.#keys.verifier(kid);
      if (found === undefined) throw new errors.JWKSNoMatchingKey();
      return found;
    };
    return { key, algorithms: [OWN_ALGORITHM], audience: [this.#issuer], type: OWN_TYPE };
  }

  #other({ issuer, jwksUrl, audience = this.#issuer, algorithms }: TrustedIssuer): Issuer {
    const { log, keyCooldownMs: cooldownMs, keyMaxAgeMs: maxAgeMs } = this.#options;
    const keys = new IssuerKeys({ issuer, jwksUrl, log, cooldownMs, maxAgeMs });
    return {
      key: (header, token) => keys.find(header, token),
      algorithms: [...algorithms],
      audience: typeof audience === 'string' ? [audience] : [...audience],
      type: undefined,
    };
  }
}

function databaseTrouble(cause: unknown): SfumatoError {
  const message = 'The database cannot be used at the moment.';
  return new SfumatoError('unavailable', message, { cause, retryAfterSeconds: 5 });
}

function tooMuch(): SfumatoError {
  return new SfumatoError('badRequest', 'That is too much for one token.', {
    hint: 'Name fewer sites.',
  });
}
