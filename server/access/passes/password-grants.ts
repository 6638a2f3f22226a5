import type { PlaybackGrant } from '../../../signaling/contract/index.ts';
import { refusalError } from '../../rights/refusal-errors.ts';
import { isPassword } from '../passwords.ts';
import { FewAtOnce } from './few-at-once.ts';
import { KnownPasswords } from './known-passwords.ts';
import type { Passes } from './passes.ts';
import { UnlockLimits } from './unlock-limits.ts';

/** The password of a Channel or an Asset, as it is stored. */
export interface StoredPassword {
  /** Argon2id; undefined where it has none. */
  hash: string | undefined;
  version: number;
}

export interface PasswordGrantsOptions {
  passes: Pick<Passes, 'issueForPassword'>;
  /** undefined: there is nothing of that name, or nothing that a password opens. */
  passwordOf: (thingId: string) => Promise<StoredPassword | undefined>;
  /** A wrong one was said. */
  onWrong?: () => void;
}

/** Each takes a processor for some ten milliseconds and 19 MiB: two at once leave room for everything else. */
const CHECKS_AT_ONCE = 2;
const CHECKS_WAITING = 200;

/** Passes for those who know a password. */
export class PasswordGrants {
  readonly #options: PasswordGrantsOptions;
  readonly #limits = new UnlockLimits();
  readonly #known = new KnownPasswords();
  readonly #checks = new FewAtOnce(CHECKS_AT_ONCE, CHECKS_WAITING);

  constructor(options: PasswordGrantsOptions) {
    this.#options = options;
  }

  /**
   * The answer, and the time that it takes, are the same for a wrong password, for what has none and for what is not
   * there.
   *
   * @throws SfumatoError `unauthorized` with the refusal `wrongPassword`; `tooMany`, `overloaded`
   */
  async unlock(thingId: string, password: string, address: string): Promise<PlaybackGrant> {
    await this.#limits.attempt(address, thingId);
    const stored = await this.#options.passwordOf(thingId);
    if (!(await this.#isRight(thingId, stored?.hash, password)) || stored === undefined) {
      this.#options.onWrong?.();
      throw refusalError('wrongPassword');
    }
    await this.#limits.right(address, thingId);
    return await this.#options.passes.issueForPassword(thingId, stored.version);
  }

  async #isRight(thingId: string, hash: string | undefined, password: string): Promise<boolean> {
    if (hash !== undefined && this.#known.has(thingId, hash, password)) return true;
    const isRight = await this.#checks.run(() => isPassword(hash, password));
    if (isRight && hash !== undefined) this.#known.add(thingId, hash, password);
    return isRight;
  }
}
