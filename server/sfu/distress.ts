import type { types } from 'mediasoup';

/** Of the packets; so many come again before they are missed. */
const BEARABLE_LOSS = 0.05;
/** More than the shortest round trip, milliseconds: a key frame may wait in the queue that long. */
const BEARABLE_DELAY_MS = 300;

/** Tells whether a receiver loses packets, or gets them later and later, by its last report (RFC 3550 section 6.4.1). */
export class Distress {
  readonly #consumer: types.Consumer;
  #leastRoundTripMs = Number.POSITIVE_INFINITY;

  constructor(consumer: types.Consumer) {
    this.#consumer = consumer;
  }

  async isFelt(): Promise<boolean> {
    const stats = await this.#consumer.getStats();
    const sent = stats.find(({ type }) => type === 'outbound-rtp');
    const roundTripMs = sent?.roundTripTime ?? 0;
    this.#leastRoundTripMs = Math.min(this.#leastRoundTripMs, roundTripMs);
    // Eight bits.
    const lost = (sent?.fractionLost ?? 0) / 256;
    return lost > BEARABLE_LOSS || roundTripMs - this.#leastRoundTripMs > BEARABLE_DELAY_MS;
  }
}
