import type { QualityReport } from '../../../signaling/contract/index.ts';
import type { StreamFigures } from './statistics.ts';

type Counted =
  | 'framesDecoded'
  | 'framesDropped'
  | 'freezes'
  | 'freezeSeconds'
  | 'packetsReceived'
  | 'packetsLost';

/** What was counted since the Viewer joined, over all its streams. */
export type QualityTally = Pick<QualityReport, Counted | 'watchedSeconds'> & {
  /** The figures of the last look. */
  last: StreamFigures | null;
  /** No picture was sent, and none has come since: the browser will call that a freeze. */
  rested: boolean;
};

export type Look = {
  figures: StreamFigures;
  /** Since the look before, while it was meant to play; else 0. */
  watchedSeconds: number;
  /** No picture is sent at present, on purpose. */
  rests: boolean;
};

export const NOTHING_TALLIED: QualityTally = {
  watchedSeconds: 0,
  framesDecoded: 0,
  framesDropped: 0,
  freezes: 0,
  freezeSeconds: 0,
  packetsReceived: 0,
  packetsLost: 0,
  last: null,
  rested: false,
};

export function tallied(
  tally: QualityTally,
  { figures, watchedSeconds, rests }: Look,
): QualityTally {
  // Counters that went backwards belong to another stream.
  const same = tally.last !== null && figures.packetsReceived >= tally.last.packetsReceived;
  const gained = (field: Counted) => figures[field] - (same ? (tally.last?.[field] ?? 0) : 0);
  const froze = rests || tally.rested ? 0 : 1;
  return {
    watchedSeconds: tally.watchedSeconds + watchedSeconds,
    framesDecoded: tally.framesDecoded + gained('framesDecoded'),
    framesDropped: tally.framesDropped + gained('framesDropped'),
    freezes: tally.freezes + froze * gained('freezes'),
    freezeSeconds: tally.freezeSeconds + froze * gained('freezeSeconds'),
    packetsReceived: tally.packetsReceived + gained('packetsReceived'),
    packetsLost: tally.packetsLost + gained('packetsLost'),
    last: figures,
    rested: rests || (tally.rested && gained('framesDecoded') === 0),
  };
}

type Moment = Pick<QualityReport, 'timeToFirstFrameMs' | 'latencyMs'>;

/** As the server is told it. */
export function qualityReport(tally: QualityTally, moment: Moment): QualityReport {
  const { last, rested: _rested, ...counted } = tally;
  return {
    ...counted,
    ...moment,
    // Before the first look, and by rounding: the contract has no place for less than nothing.
    freezeSeconds: Math.max(0, counted.freezeSeconds),
    jitterBufferMs: last?.jitterBufferMs ?? null,
    decodeMs: last?.decodeMs ?? null,
    roundTripMs: last?.roundTripMs ?? null,
  };
}
