/** Counts the packets of one RTP stream by their sequence numbers, so that lost ones count as sent. */
export class SequenceCount {
  #highest: number | undefined;
  #sent = 0;
  #received = 0;

  /** Packets that must have been sent since the first one seen. */
  get sent(): number {
    return this.#sent;
  }

  get received(): number {
    return this.#received;
  }

  /** @param sequenceNumber 16 bits (RFC 3550 section 5.1) */
  count(sequenceNumber: number): void {
    this.#received += 1;
    const step =
      this.#highest === undefined
        ? 1
        : ((sequenceNumber - this.#highest + 0x8000) & 0xffff) - 0x8000;
    // One that comes late was counted as sent when a later one came.
    if (step <= 0) return;
    this.#sent += step;
    this.#highest = sequenceNumber;
  }
}
