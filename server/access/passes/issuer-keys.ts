import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import type { Logger } from 'pino';
import { SfumatoError } from '../../../signaling/contract/index.ts';

export interface IssuerKeysOptions {
  issuer: string;
  /** Where its JSON Web Key Set is (RFC 7517 section 5). */
  jwksUrl: string;
  log: Logger;
  /** Between two fetches, whatever is asked; milliseconds. */
  cooldownMs?: number | undefined;
  /** Fetched anew after so long; milliseconds. */
  maxAgeMs?: number | undefined;
}

const COOLDOWN_MS = 10_000;
const MAX_AGE_MS = 10 * 60_000;
const TIMEOUT_MS = 3_000;
/** While they cannot be fetched, those from before hold so long: who took one back has had a day to say so. */
const STALE_MS = 24 * 60 * 60_000;

/**
 * The keys of somebody else who issues tokens, from the one address that the operator has set: an address or a key
 * in a token (`jku`, `x5u`, `jwk`) is never looked at. Fetched at need, again when a token names a key that is new.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #cooldownMs: number;
  readonly #remote: ReturnType<typeof createRemoteJWKSet>;
  #local: ReturnType<typeof createLocalJWKSet> | undefined;
  #fetchedAtMs = 0;
  #failedAtMs = -Infinity;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#cooldownMs = options.cooldownMs ?? COOLDOWN_MS;
    this.#remote = createRemoteJWKSet(new URL(options.jwksUrl), {
      cooldownDuration: this.#cooldownMs,
      cacheMaxAge: options.maxAgeMs ?? MAX_AGE_MS,
      timeoutDuration: TIMEOUT_MS,
    });
  }

  /**
   * @throws JOSEError where there is no such key
   * @throws SfumatoError `unavailable` where the keys cannot be fetched, and this one is not known from before
   */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (!this.#remote.fresh) await this.#fetch();
    try {
      return await this.#known()(header, token);
    } catch (error) {
      // A key that is not there may be a new one; who makes names up brings us there once in a while at most.
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#remote.coolingDown) throw error;
    }
    if (!(await this.#fetch())) throw this.#unavailable();
    return await this.#known()(header, token);
  }

  /** @returns whether they are new now */
  async #fetch(): Promise<boolean> {
    const { issuer, log } = this.#options;
    if (performance.now() - this.#failedAtMs < this.#cooldownMs) return false;
    try {
      await this.#remote.reload();
      this.#local = createLocalJWKSet(this.#remote.jwks() ?? { keys: [] });
      this.#fetchedAtMs = performance.now();
      return true;
    } catch (err) {
      this.#failedAtMs = performance.now();
      log.warn({ err, issuer }, 'the keys of an issuer of playback tokens cannot be fetched');
      return false;
    }
  }

  #known(): ReturnType<typeof createLocalJWKSet> {
    const isTooOld = performance.now() - this.#fetchedAtMs > STALE_MS;
    if (this.#local === undefined || isTooOld) throw this.#unavailable();
    return this.#local;
  }

  #unavailable(): SfumatoError {
    const message = 'The keys of the service that made this token cannot be fetched at the moment.';
    const retryAfterSeconds = Math.max(1, Math.ceil(this.#cooldownMs / 1000));
    return new SfumatoError('unavailable', message, { retryAfterSeconds });
  }
}
