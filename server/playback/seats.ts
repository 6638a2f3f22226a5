import { SfumatoError } from '../../signaling/contract/index.ts';

export interface SeatLimits {
  /** On this server. */
  total: number;
  /** Of one address: behind it may be a whole school. */
  perAddress: number;
}

const LIMITS: SeatLimits = { total: 2_000, perAddress: 100 };

/** How many Sessions there may be: those that are being opened hold as much as those that are open. */
export class Seats {
  readonly #limits: SeatLimits;
  readonly #byAddress = new Map<string | undefined, number>();
  #taken = 0;

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * @param address undefined where it is not known whose it is: counted in total only
   * @returns gives it back; idempotent
   * @throws SfumatoError `overloaded`, `tooMany`
   */
  take(address: string | undefined): () => void {
    this.#demandRoom(address);
    this.#count(address, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#count(address, -1);
      isTaken = false;
    };
  }

  #demandRoom(address: string | undefined): void {
    if (this.#taken >= this.#limits.total) {
      throw new SfumatoError('overloaded', 'Too much is being watched on this server.', {
        hint: 'Try again later.',
      });
    }
    const own = address === undefined ? 0 : (this.#byAddress.get(address) ?? 0);
    if (own < this.#limits.perAddress) return;
    throw new SfumatoError('tooMany', 'Too much is being watched from your address.', {
      hint: 'Close what you do not watch.',
    });
  }

  #count(address: string | undefined, change: 1 | -1): void {
    this.#taken += change;
    const own = (this.#byAddress.get(address) ?? 0) + change;
    if (own === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, own);
  }
}
