import type { QualityReport } from '../../../signaling/contract/index.ts';
import { NOTHING_TALLIED, qualityReport, tallied } from './quality-tally.ts';
import type { RecoveryState } from '../live/recovery.ts';
import type { StreamFigures } from './statistics.ts';

const INTERVAL_MS = 5_000;
/** A look that comes later than this was held up: the laptop slept, and nobody watched. */
const LONGEST_LOOK_S = 5;

type Moment = { timeToFirstFrameMs: number | null; latencyMs: number | null };

/** Through what the server is told: a Viewer's connection, of a Channel or of something stored. */
export interface QualityListener {
  readonly recovery: Pick<RecoveryState, 'link'>;
  /** Why no picture is sent, on purpose; null while it is sent, or should be. */
  readonly rest: string | null;
  reportQuality(report: QualityReport): void;
  on(event: 'leaving' | 'joined', listener: () => void): () => void;
}

/** Tells the server how it went: every few seconds, and before the Viewer goes. */
export class QualityReporter {
  readonly #session: QualityListener;
  readonly #moment: () => Moment;
  readonly #undo = new AbortController();
  #tally = NOTHING_TALLIED;
  #lookedAtMs: number | null = null;
  #toldAtMs = performance.now();

  /** @param moment what is not counted but is so right now */
  constructor(session: QualityListener, moment: () => Moment) {
    this.#session = session;
    this.#moment = moment;
    session.on('leaving', () => this.#tell());
    session.on('joined', () => this.#begin());
    window.addEventListener('pagehide', () => this.#tell(), { signal: this.#undo.signal });
  }

  count(figures: StreamFigures): void {
    const { recovery, rest } = this.#session;
    const watchedSeconds = recovery.link === 'connected' ? this.#sinceLookSeconds() : 0;
    this.#tally = tallied(this.#tally, { figures, watchedSeconds, rests: rest !== null });
    this.#lookedAtMs = performance.now();
    if (performance.now() - this.#toldAtMs >= INTERVAL_MS) this.#tell();
  }

  /** What it has to say at the end it says when the session closes. */
  close(): void {
    this.#undo.abort();
  }

  /** Another Viewer, as the server sees it. */
  #begin(): void {
    this.#tally = NOTHING_TALLIED;
    this.#lookedAtMs = null;
    this.#toldAtMs = performance.now();
  }

  #sinceLookSeconds(): number {
    if (this.#lookedAtMs === null) return 0;
    return Math.min(LONGEST_LOOK_S, (performance.now() - this.#lookedAtMs) / 1_000);
  }

  #tell(): void {
    if (this.#tally.last === null) return;
    this.#toldAtMs = performance.now();
    this.#session.reportQuality(qualityReport(this.#tally, this.#moment()));
  }
}
