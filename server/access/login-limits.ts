import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SfumatoError } from '../../signaling/contract/index.ts';

const WINDOW_SECONDS = 15 * 60;
/** Failed attempts in that time. */
export const ATTEMPTS_BY_ADDRESS = 20;
/** More than by address, so that locking somebody out takes several of those. */
export const ATTEMPTS_BY_ACCOUNT = 50;
/** Begun ones: an office may have one address. */
export const SIGN_INS_BY_ADDRESS = 200;

/** Slows guessing of passwords down, by the address it comes from and by the account it is for. */
export class LoginLimits {
  readonly #byAddress = new RateLimiterMemory({
    points: ATTEMPTS_BY_ADDRESS,
    duration: WINDOW_SECONDS,
  });
  readonly #byAccount = new RateLimiterMemory({
    points: ATTEMPTS_BY_ACCOUNT,
    duration: WINDOW_SECONDS,
  });
  readonly #signIns = new RateLimiterMemory({
    points: SIGN_INS_BY_ADDRESS,
    duration: WINDOW_SECONDS,
  });

  /**
   * Counts an attempt before it is looked at, so that many at once are counted too.
   *
   * @throws SfumatoError `tooMany`
   */
  async attempt(address: string, account: string): Promise<void> {
    await consume(this.#byAddress, address);
    await consume(this.#byAccount, account);
  }

  /**
   * The attempt was a right one: what came before it for the account was somebody mistyping. The address gets only this
   * one back, or else whoever has an account would guess at others' for ever, with a login of their own in between.
   */
  async succeeded(address: string, account: string): Promise<void> {
    await this.#byAddress.reward(address, 1);
    await this.#byAccount.delete(account);
  }

  /**
   * Counts who wants to sign in at another service, which has limits of its own.
   *
   * @throws SfumatoError `tooMany`
   */
  async signIn(address: string): Promise<void> {
    await consume(this.#signIns, address);
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new SfumatoError('tooMany', 'Too many attempts to log in.', {
      hint: 'Wait a while and try again.',
      retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000),
    });
  }
}
