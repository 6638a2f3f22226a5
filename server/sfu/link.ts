import type { types } from 'mediasoup';
import { Distress } from './distress.ts';
import { EstimateBounds } from './estimate-bounds.ts';

/**
 * The other maximum for a look, as a share of the estimator's own: less than a tenth off is no other to it.
 */
const CAP = 0.85;

/** What can be asked of one Viewer's link besides its estimate. */
export class Link {
  readonly #bounds: EstimateBounds;
  readonly #distress: Distress;

  /** @param picture the Consumer by which the receiver's word is known */
  constructor(transport: types.WebRtcTransport, picture: types.Consumer) {
    this.#bounds = new EstimateBounds(transport);
    this.#distress = new Distress(picture);
  }

  /** The least that the estimate can be while this Layer is sent, bits a second; 0: none. */
  floorOf(layer: number): number {
    return this.#bounds.floorOf(layer);
  }

  /** Keeps the estimate from falling below what a Layer takes, for a dip that is over in a second. */
  async hold(layer: number, bitrate: number): Promise<void> {
    await this.#bounds.setFloor(layer, bitrate);
  }

  async letGo(): Promise<void> {
    await this.#bounds.clearFloor();
  }

  /** Does the receiver lose packets, or get them later and later? */
  async isDistressed(): Promise<boolean> {
    return await this.#distress.isFelt();
  }

  /**
   * Asks the estimator for a new look: it takes one when its maximum becomes another. Called once, it gets a lower one,
   * the next time its own again.
   *
   * @param maximum of its own, bits a second
   */
  async look(maximum: number): Promise<void> {
    if (this.#bounds.capped) await this.#bounds.uncap();
    else await this.#bounds.cap(maximum * CAP);
  }

  /** Has the estimator a lower maximum than its own at present? */
  get capped(): boolean {
    return this.#bounds.capped;
  }

  /** Its own maximum again. */
  async endLook(): Promise<void> {
    if (this.#bounds.capped) await this.#bounds.uncap();
  }
}
