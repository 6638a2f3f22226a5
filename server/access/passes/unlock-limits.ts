import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { addressGroup } from '../address-group.ts';

const WINDOW_SECONDS = 15 * 60;
/** Wrong passwords in that time. */
export const WRONG_BY_ADDRESS = 20;
/** More, so that locking everybody out of something takes many addresses. */
export const WRONG_BY_THING = 500;

/** Slows guessing of the passwords of Channels and Assets down. */
export class UnlockLimits {
  readonly #byAddress = new RateLimiterMemory({
    points: WRONG_BY_ADDRESS,
    duration: WINDOW_SECONDS,
  });
  readonly #byThing = new RateLimiterMemory({ points: WRONG_BY_THING, duration: WINDOW_SECONDS });

  /**
   * Counts an attempt before it is looked at, so that many at once are counted too.
   *
   * @throws SfumatoError `tooMany`
   */
  async attempt(address: string, thingId: string): Promise<void> {
    try {
      await this.#byAddress.consume(addressGroup(address));
      await this.#byThing.consume(thingId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new SfumatoError('tooMany', 'Too many wrong passwords. Wait a while and try again.', {
        retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000),
      });
    }
  }

  /** It was right, and does not count. What was wrong before does: who knows one password may be guessing others. */
  async right(address: string, thingId: string): Promise<void> {
    await this.#byAddress.reward(addressGroup(address), 1);
    await this.#byThing.reward(thingId, 1);
  }
}
