import {
  DEFAULT_BURST_BYTES,
  DEFAULT_REORDER_DELAY_MS,
  type LinkShape,
  queueLimitBytes,
} from './link-shape.ts';

export type LinkCounters = {
  /** Came in. */
  packets: number;
  bytes: number;
  /** Came out. */
  delivered: number;
  deliveredBytes: number;
  /** Dropped at the tail of the queue. */
  queueDrops: number;
  /** Lost on the way. */
  losses: number;
  reordered: number;
};

export type Delivery<T> = { packet: T; dueMs: number };

/**
 * One direction of a link: a token bucket with a drop-tail queue in front of it, then the way, with
 * delay, jitter, loss and reordering. Knows neither sockets nor timers: time comes in as milliseconds
 * of any monotonic clock, chance as a function.
 */
export class Link<T> {
  readonly #random: () => number;
  readonly #waiting: { packet: T; bytes: number }[] = [];
  readonly #underway: Delivery<T>[] = [];
  readonly counters: LinkCounters = {
    packets: 0,
    bytes: 0,
    delivered: 0,
    deliveredBytes: 0,
    queueDrops: 0,
    losses: 0,
    reordered: 0,
  };
  #shape: LinkShape;
  #waitingBytes = 0;
  /** The bucket, full at first, and the moment that this was true at. */
  #tokens = Number.POSITIVE_INFINITY;
  #tokensAtMs = 0;
  #lastDueMs = Number.NEGATIVE_INFINITY;

  constructor(shape: LinkShape = {}, random: () => number = Math.random) {
    this.#shape = shape;
    this.#random = random;
  }

  get shape(): LinkShape {
    return this.#shape;
  }

  /** What waits leaves at the new rate; what is underway arrives when it was going to. */
  setShape(shape: LinkShape, nowMs: number): void {
    this.#release(nowMs);
    this.#fill(nowMs);
    this.#shape = shape;
  }

  /** A packet comes in. False where the queue is full and it was dropped. */
  send(packet: T, bytes: number, nowMs: number): boolean {
    this.counters.packets += 1;
    this.counters.bytes += bytes;
    this.#release(nowMs);
    if (this.#waiting.length === 0) this.#fill(nowMs);
    // One packet may always wait, however short the queue: or a small one would let nothing pass.
    if (this.#waiting.length > 0 && this.#waitingBytes + bytes > queueLimitBytes(this.#shape)) {
      this.counters.queueDrops += 1;
      return false;
    }
    this.#waiting.push({ packet, bytes });
    this.#waitingBytes += bytes;
    this.#release(nowMs);
    return true;
  }

  /** What has arrived by now, in the order of arrival. */
  take(nowMs: number): T[] {
    this.#release(nowMs);
    const end = this.#underway.findIndex(({ dueMs }) => dueMs > nowMs);
    return this.#underway
      .splice(0, end === -1 ? this.#underway.length : end)
      .map(({ packet }) => packet);
  }

  /** When `take` is wanted next; Infinity while nothing is in the link. */
  nextDueMs(): number {
    const arrival = this.#underway[0]?.dueMs ?? Number.POSITIVE_INFINITY;
    return Math.min(arrival, this.#nextReleaseMs());
  }

  /** Lets out of the queue what the rate has allowed by now. */
  #release(nowMs: number): void {
    for (;;) {
      const leavesMs = this.#nextReleaseMs();
      const next = this.#waiting[0];
      if (next === undefined || leavesMs > nowMs) return;
      this.#fill(leavesMs);
      this.#tokens -= next.bytes;
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes;
      this.#travel(next.packet, next.bytes, leavesMs);
    }
  }

  /**
   * When the first in the queue has its tokens. A packet larger than the bucket waits until that is
   * full and leaves it below zero.
   */
  #nextReleaseMs(): number {
    const next = this.#waiting[0];
    if (next === undefined) return Number.POSITIVE_INFINITY;
    const { rate, burst = DEFAULT_BURST_BYTES } = this.#shape;
    const missing = Math.min(next.bytes, burst) - this.#tokens;
    if (rate === undefined || missing <= 0) return this.#tokensAtMs;
    return this.#tokensAtMs + (missing * 8000) / rate;
  }

  /** Brings the bucket up to this moment. */
  #fill(nowMs: number): void {
    const { rate, burst = DEFAULT_BURST_BYTES } = this.#shape;
    const gained = rate === undefined ? burst : ((nowMs - this.#tokensAtMs) / 8000) * rate;
    this.#tokens = Math.min(burst, this.#tokens + gained);
    this.#tokensAtMs = nowMs;
  }

  #travel(packet: T, bytes: number, nowMs: number): void {
    const { delay = 0, jitter = 0, loss = 0, reorder = 0 } = this.#shape;
    if (loss > 0 && this.#random() < loss) {
      this.counters.losses += 1;
      return;
    }
    this.counters.delivered += 1;
    this.counters.deliveredBytes += bytes;
    const arrivesMs = nowMs + delay + (jitter > 0 ? this.#random() * jitter : 0);
    if (reorder > 0 && this.#random() < reorder) {
      this.counters.reordered += 1;
      this.#insert(packet, arrivesMs + (this.#shape.reorderDelay ?? DEFAULT_REORDER_DELAY_MS));
      return;
    }
    this.#lastDueMs = Math.max(this.#lastDueMs, arrivesMs);
    this.#insert(packet, this.#lastDueMs);
  }

  #insert(packet: T, dueMs: number): void {
    let index = this.#underway.length;
    while (index > 0 && (this.#underway[index - 1]?.dueMs ?? 0) > dueMs) index -= 1;
    this.#underway.splice(index, 0, { packet, dueMs });
  }
}
