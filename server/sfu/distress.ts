import type { types } from 'mediasoup';

/** Of the packets; so many come again before they are missed. */
const BEARABLE_LOSS = 0.05;
/** More than the shortest round trip, milliseconds: a key frame may wait in the queue that long. */
const BEARABLE_DELAY_MS = 300;

/** What a receiver last said of one stream (RFC 3550 section 6.4.1). */
export interface ReceiverReport {
  /** Share of the packets, 0 to 1. */
  lost: number;
  roundTripMs: number;
}

export async function lastReport(consumer: types.Consumer): Promise<ReceiverReport> {
  const stats = await consumer.getStats();
  const sent = stats.find(({ type }) => type === 'outbound-rtp');
  // The share has eight bits.
  return { lost: (sent?.fractionLost ?? 0) / 256, roundTripMs: sent?.roundTripTime ?? 0 };
}

/** Tells whether a receiver loses packets, or gets them later and later, by its last report. */
export class Distress {
  readonly #consumer: types.Consumer;
  #leastRoundTripMs = Number.POSITIVE_INFINITY;

  constructor(consumer: types.Consumer) {
    this.#consumer = consumer;
  }

  async isFelt(): Promise<boolean> {
    const { lost, roundTripMs } = await lastReport(this.#consumer);
    this.#leastRoundTripMs = Math.min(this.#leastRoundTripMs, roundTripMs);
    return lost > BEARABLE_LOSS || roundTripMs - this.#leastRoundTripMs > BEARABLE_DELAY_MS;
  }
}
