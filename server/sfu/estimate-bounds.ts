import type { types } from 'mediasoup';

/** A floor is left as it is while it is nearly right: bit rates are not steady. */
const FLOOR_STEP = 0.03;

/** mediasoup's word for none. */
const NONE = 0;

/** Between what and what the estimate of one transport may be, bits a second. */
export class EstimateBounds {
  readonly #transport: types.WebRtcTransport;
  /** For which Layer; 0 bits a second: none. */
  #floor = { layer: 0, bitrate: NONE };
  #capped = false;
  #released = false;

  constructor(transport: types.WebRtcTransport) {
    this.#transport = transport;
  }

  /** Has it a lower maximum than its own at present? */
  get capped(): boolean {
    return this.#capped;
  }

  /** @returns 0 where the floor is none of this Layer's */
  floorOf(layer: number | null): number {
    return this.#floor.layer === layer ? this.#floor.bitrate : NONE;
  }

  /** Below what the Layer takes mediasoup would leave it by itself, for a dip that is over in a second. */
  async setFloor(layer: number, bitrate: number): Promise<void> {
    if (this.#released) return;
    const before = this.#floor;
    const nearly = Math.abs(bitrate - before.bitrate) <= before.bitrate * FLOOR_STEP;
    if (layer === before.layer && nearly) return;
    this.#floor = { layer, bitrate };
    await this.#transport.setMinOutgoingBitrate(Math.round(bitrate));
  }

  async clearFloor(): Promise<void> {
    await this.setFloor(0, NONE);
  }

  /** A maximum, which is never below the floor. */
  async cap(bitrate: number): Promise<void> {
    if (this.#released) return;
    this.#capped = true;
    await this.#transport.setMaxOutgoingBitrate(Math.ceil(Math.max(bitrate, this.#floor.bitrate)));
  }

  async uncap(): Promise<void> {
    if (this.#released) return;
    this.#capped = false;
    await this.#transport.setMaxOutgoingBitrate(NONE);
  }

  /** Another picture on the same transport starts without them, and is left alone by whoever still has an answer to wait for. */
  async release(): Promise<void> {
    if (this.#transport.closed) return;
    const cleared = [this.clearFloor()];
    if (this.#capped) cleared.push(this.uncap());
    this.#released = true;
    await Promise.all(cleared);
  }
}
