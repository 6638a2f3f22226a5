import type { Logger } from 'pino';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Publisher } from './publisher.ts';
import type { Holder } from './rights.ts';

export interface HeldRightsOptions {
  /** Called for whoever has lost the right. */
  withdraw: (publisher: Publisher) => void;
  /** How often they are looked at, milliseconds. */
  reviewMs: number;
  log: Logger;
}

/** Publishers that are there by somebody's right, and not by a stream key: the right is looked at again and again. */
export class HeldRights {
  readonly #options: HeldRightsOptions;
  readonly #holders = new Map<Publisher, Holder>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: HeldRightsOptions) {
    this.#options = options;
  }

  add(publisher: Publisher, holder: Holder): void {
    if (this.#closed) return;
    this.#holders.set(publisher, holder);
    this.#timer ??= this.#later();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#holders.clear();
  }

  /** Looks at all of them now. */
  async review(): Promise<void> {
    const all = [...this.#holders];
    await Promise.all(all.map(([publisher, holder]) => this.#look(publisher, holder)));
  }

  async #goOn(): Promise<void> {
    await this.review();
    const isOver = this.#closed || this.#holders.size === 0;
    this.#timer = isOver ? undefined : this.#later();
  }

  #later(): NodeJS.Timeout {
    return setTimeout(() => void this.#goOn(), this.#options.reviewMs);
  }

  async #look(publisher: Publisher, holder: Holder): Promise<void> {
    // Who was lost may be on air for the grace time, with the last picture, until it is over.
    if (publisher.closed) {
      this.#holders.delete(publisher);
    } else if (!(await stillHolds(holder)) && this.#holders.delete(publisher)) {
      this.#end(publisher);
    }
  }

  /** One that cannot be ended keeps nobody else on air. */
  #end(publisher: Publisher): void {
    try {
      this.#options.withdraw(publisher);
    } catch (err) {
      this.#options.log.error({ err }, 'a broadcast without a right could not be ended');
    }
  }
}

/** That it cannot be known, for the database is in trouble, ends nobody's broadcast. */
async function stillHolds(holder: Holder): Promise<boolean> {
  try {
    await holder.demandRight();
    return true;
  } catch (error) {
    const isLost = error instanceof SfumatoError && LOST.has(error.code);
    return !isLost;
  }
}

const LOST: ReadonlySet<string> = new Set(['unauthorized', 'forbidden']);
