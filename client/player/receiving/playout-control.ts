import { AT_THE_START, nextPlayout } from './playout-delay.ts';
import type { StreamFigures } from '../figures/statistics.ts';
import type { ViewingSession } from '../live/viewing-session.ts';

type Shown = {
  /** From the arrival of the last picture to its display. */
  delayMs: number | null;
  /** How old the last picture was when it was shown, by the sender's clock and ours. */
  pictureAgeMs: number | null;
};

/** Keeps the session's jitter buffers as short as they may be. */
export class PlayoutControl {
  readonly #session: ViewingSession;
  #state = AT_THE_START;

  constructor(session: ViewingSession) {
    this.#session = session;
    // New tracks begin with empty buffers, and count from 0.
    session.on('tracks', () => this.#begin());
  }

  /** Takes in what was measured since the last look. */
  count(figures: StreamFigures, { delayMs, pictureAgeMs }: Shown): void {
    const { recovery, rest, channel } = this.#session;
    if (recovery.link !== 'connected' || rest !== null || channel?.reconnecting === true) return;
    const { freezes, framesDropped, lossPercent, jitterBufferMs, audioJitterBufferMs } = figures;
    const { state, targets, resync } = nextPlayout(this.#state, {
      nowMs: performance.now(),
      // What was shown last only gets older while nothing comes: no delay of the buffers'.
      delayMs: jitterBufferMs === null ? null : delayMs,
      freezes,
      framesDropped,
      lossPercent,
      pictureMs: jitterBufferMs,
      soundMs: audioJitterBufferMs,
      lagMs: lagMs(figures, pictureAgeMs, this.#session.soundAgeMs()),
    });
    this.#state = state;
    this.#session.holdBack(targets);
    if (resync) this.#session.resync();
  }

  #begin(): void {
    const { floor, resyncedAtMs, patienceMs } = this.#state;
    this.#state = { ...AT_THE_START, floor, resyncedAtMs, patienceMs };
  }
}

/** By the sender's clock where it says when it captured both, else by what each has waited here. */
function lagMs(
  { jitterBufferMs, audioJitterBufferMs }: StreamFigures,
  pictureAgeMs: number | null,
  soundAgeMs: number | null,
): number | null {
  if (jitterBufferMs === null || audioJitterBufferMs === null) return null;
  return pictureAgeMs === null || soundAgeMs === null
    ? audioJitterBufferMs - jitterBufferMs
    : soundAgeMs - pictureAgeMs;
}
