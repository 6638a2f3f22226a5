import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SfumatoError } from '../../signaling/contract/index.ts';

const WINDOW_SECONDS = 15 * 60;
/** Failed attempts in that time. */
export const ATTEMPTS_BY_ADDRESS = 20;
/** More than by address, so that locking somebody out takes several of those. */
export const ATTEMPTS_BY_ACCOUNT = 50;

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

  /**
   * Counts an attempt before it is looked at, so that many at once are counted too.
   *
   * @throws SfumatoError `tooMany`
   */
  async attempt(address: string, account: string): Promise<void> {
    try {
      await this.#byAddress.consume(address);
      await this.#byAccount.consume(account);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new SfumatoError('tooMany', 'Too many attempts to log in.', {
        hint: 'Wait a while and try again.',
        retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000),
      });
    }
  }

  /** The attempt was a right one: what came before it was somebody mistyping. */
  async succeeded(address: string, account: string): Promise<void> {
    await this.#byAddress.delete(address);
    await this.#byAccount.delete(account);
  }
}
