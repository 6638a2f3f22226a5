import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const MAX_ENTRIES = 1_000;

/**
 * The last right password of each thing, so that the thousandth person who says it does not cost as much as the first:
 * kept under a key that nobody has and that ends with this process, in memory only.
 */
export class KnownPasswords {
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, Buffer>();

  /** @param passwordHash as it is stored: with another one, everything that was known is forgotten */
  has(thingId: string, passwordHash: string, password: string): boolean {
    const known = this.#known.get(thingId);
    return known !== undefined && timingSafeEqual(known, this.#digest(passwordHash, password));
  }

  add(thingId: string, passwordHash: string, password: string): void {
    this.#known.delete(thingId);
    this.#known.set(thingId, this.#digest(passwordHash, password));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_ENTRIES && oldest !== undefined) this.#known.delete(oldest);
  }

  /** A PHC string has no NUL. */
  #digest(passwordHash: string, password: string): Buffer {
    return createHmac('sha256', this.#key).update(`${passwordHash}\0${password}`).digest();
  }
}
