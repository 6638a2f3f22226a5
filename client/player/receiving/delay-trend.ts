/** One frame: when its last packet came, milliseconds of any clock, and its RTP timestamp (90 kHz). */
export type FrameArrival = { receivedMs: number; rtpTimestamp: number };

const TICKS_PER_MS = 90;
/** A link's shortest delay is looked for among the frames of this time, milliseconds. */
const MEMORY_MS = 2_000;
/**
 * So many frames in a row, each later than the one before by at least so much, and the last one against the shortest
 * delay; milliseconds. Then a queue is filling: of a large frame that passes, only the first comes later. Where a link
 * becomes much narrower, the third frame is lost already.
 */
const FILLING = [
  { frames: 3, growthMs: 15, queuedMs: 90 },
  { frames: 2, growthMs: 40, queuedMs: 110 },
] as const;
/**
 * A frame that came so much later than the one before, or was so late and nothing came for so long: those behind it are
 * lost. Milliseconds.
 */
const LOST = { growthMs: 40, lateMs: 50, silentMs: 260, queuedMs: 140 };
/** When no frame has come for so long, `silence` is worth asking, up to three times, milliseconds. */
export const SILENCE_MS = 110;
/** The link gets time to recover before it is said again. */
const QUIET_MS = 2_000;
const WORSE = 1.4;

/**
 * Notices that frames come later and later: the link has become narrower than what is sent. The sender's
 * own estimate notices too, two or three tenths of a second later, since its feedback comes in batches.
 */
export class DelayTrend {
  #delays: { atMs: number; delayMs: number }[] = [];
  #first: FrameArrival | undefined;
  #said = { atMs: Number.NEGATIVE_INFINITY, lateMs: 0 };

  /** @returns how late frames are, milliseconds, when the link has just been seen to be overrun; else null */
  add(arrival: FrameArrival): number | null {
    this.#first ??= arrival;
    const atMs = arrival.receivedMs;
    // The RTP clock is 32 bits wide and wraps around.
    const sentMs = ((arrival.rtpTimestamp - this.#first.rtpTimestamp) | 0) / TICKS_PER_MS;
    const delayMs = atMs - this.#first.receivedMs - sentMs;
    this.#delays = this.#delays.filter((one) => atMs - one.atMs < MEMORY_MS);
    this.#delays.push({ atMs, delayMs });
    const lateMs = this.#lateMs(delayMs);
    return this.#isFilling(lateMs) ? this.#say(atMs, lateMs) : null;
  }

  /** No frame has come since. @returns as `add` */
  silence(atMs: number): number | null {
    const last = this.#delays.at(-1);
    const before = this.#delays.at(-2);
    if (last === undefined || before === undefined) return null;
    // The next one was due after as long as there was between the last two.
    const intervalMs = last.atMs - last.delayMs - (before.atMs - before.delayMs);
    const silentMs = atMs - last.atMs - intervalMs;
    const wasLateMs = this.#lateMs(last.delayMs);
    const long = silentMs >= LOST.silentMs && wasLateMs >= LOST.lateMs;
    if (!long && !this.#hasGrown(1, LOST.growthMs)) return null;
    const lateMs = wasLateMs + silentMs;
    return lateMs >= LOST.queuedMs ? this.#say(atMs, lateMs) : null;
  }

  /** Another stream: what was is no measure for it. */
  reset(): void {
    this.#delays = [];
    this.#first = undefined;
  }

  /** Against the shortest delay. */
  #lateMs(delayMs: number): number {
    return delayMs - Math.min(...this.#delays.map((one) => one.delayMs));
  }

  #say(atMs: number, lateMs: number): number | null {
    if (lateMs < this.#worthSayingMs(atMs)) return null;
    this.#said = { atMs, lateMs };
    return lateMs;
  }

  /** It is said again soon only where it has become worse. */
  #worthSayingMs(atMs: number): number {
    return atMs - this.#said.atMs < QUIET_MS ? this.#said.lateMs * WORSE : 0;
  }

  #isFilling(lateMs: number): boolean {
    return FILLING.some(
      ({ frames, growthMs, queuedMs }) => lateMs >= queuedMs && this.#hasGrown(frames, growthMs),
    );
  }

  #hasGrown(frames: number, growthMs: number): boolean {
    const last = this.#delays.slice(-frames - 1).map(({ delayMs }) => delayMs);
    if (last.length <= frames) return false;
    return last.every((delay, index) => {
      const before = last[index - 1];
      return before === undefined || delay - before >= growthMs;
    });
  }
}
