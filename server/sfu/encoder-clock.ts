import { earliestOf, type ReportedMoment } from './reported-moment.ts';

/** Delays and round trips of so long count: a clock that drifts by 50 in a million is 3 ms off by then. */
const WINDOW_MS = 60_000;
/** The first ones of a connection may all be late, on a machine that is busy with its start. */
const LEAST_REPORTS = 3;
/** Of each stream: the one whose packet had waited least for its report. */
const KEPT_MOMENTS = 16;
/** Streams of one sender: three Layers of a picture, and what a restarted encoder left. */
const MOST_STREAMS = 8;

/** Reports of an encoder with a clock set by NTP come this late at most, and that early by NTP's own error. */
export const SYNCHRONISED_MS = { least: -50, most: 1_500 };

interface Sample {
  atMs: number;
  valueMs: number;
}

/**
 * How far our clock is ahead of an encoder's, milliseconds, by the Sender Reports that it sends; undefined
 * where nobody can know. A report's delay is that distance and the time of its way, and a way takes no less than
 * nothing and, where the round trip is known, no more than that.
 *
 * The NTP clock is a public one (RFC 3550 section 4): a clock that could be right, by these limits, is taken to be.
 * One that cannot be, is where a way as long as the way back puts it. Without a round trip a clock that is wrong
 * by more than a network can be slow (hours, or counted from the encoder's start) is none to go by.
 *
 * @param leastDelayMs the least of when reports came, by our wall clock, less their NTP times
 * @param roundTripMs the least that was seen
 */
export function encoderClockOffsetMs(
  leastDelayMs: number,
  roundTripMs: number | undefined,
): number | undefined {
  if (roundTripMs !== undefined) {
    const couldBeRight = leastDelayMs >= 0 && leastDelayMs <= roundTripMs;
    return couldBeRight ? 0 : leastDelayMs - roundTripMs / 2;
  }
  if (leastDelayMs < SYNCHRONISED_MS.least || leastDelayMs > SYNCHRONISED_MS.most) return undefined;
  return Math.min(0, leastDelayMs);
}

/**
 * What a sender has found out itself of how far our clock is ahead of its, as far as its reports bear it out: a
 * page on a busy machine is wrong by half of what its question took.
 */
export function boundedOffsetMs(
  claimedMs: number,
  leastDelayMs: number,
  roundTripMs: number | undefined,
): number {
  const leastMs = leastDelayMs - (roundTripMs ?? Number.POSITIVE_INFINITY);
  return Math.min(leastDelayMs, Math.max(leastMs, claimedMs));
}

/** What an encoder's Sender Reports (RFC 3550 section 6.4.1) tell of its clocks. */
export class EncoderClock {
  readonly #delays: Sample[] = [];
  readonly #roundTrips: Sample[] = [];
  readonly #moments = new Map<number, ReportedMoment[]>();

  /** @param arrivedMs by our wall clock, milliseconds since the Unix epoch */
  takeReport(
    report: ReportedMoment & { ssrc: number; kind: 'audio' | 'video' },
    arrivedMs: number,
  ) {
    const { ssrc, kind, epochMs, rtpTimestamp } = report;
    keep(this.#delays, { atMs: arrivedMs, valueMs: arrivedMs - epochMs });
    if (kind === 'video') this.#keepMoment(ssrc, { epochMs, rtpTimestamp });
  }

  /** @param atMs by our wall clock */
  takeRoundTrip(roundTripMs: number, atMs: number): void {
    keep(this.#roundTrips, { atMs, valueMs: roundTripMs });
  }

  /**
   * How far our wall clock is ahead of the encoder's, milliseconds, where that can be known.
   *
   * @param claimedMs what it has found out of that itself
   */
  offsetMs(claimedMs?: number): number | undefined {
    const delayMs = least(this.#delays);
    if (delayMs === undefined || this.#delays.length < LEAST_REPORTS) return claimedMs;
    const roundTripMs = least(this.#roundTrips);
    return claimedMs === undefined
      ? encoderClockOffsetMs(delayMs, roundTripMs)
      : boundedOffsetMs(claimedMs, delayMs, roundTripMs);
  }

  /** A moment of the RTP clock of each of the picture's streams, and the encoder's time of it. */
  get moments(): ReportedMoment[] {
    return [...this.#moments.values()].flatMap((moments) => earliestOf(moments) ?? []);
  }

  #keepMoment(ssrc: number, moment: ReportedMoment): void {
    const moments = this.#moments.get(ssrc) ?? [];
    moments.push(moment);
    if (moments.length > KEPT_MOMENTS) moments.shift();
    // The stream that was heard of last is the last of the map.
    this.#moments.delete(ssrc);
    this.#moments.set(ssrc, moments);
    const [oldest] = this.#moments.keys();
    if (this.#moments.size > MOST_STREAMS && oldest !== undefined) this.#moments.delete(oldest);
  }
}

function keep(samples: Sample[], sample: Sample): void {
  samples.push(sample);
  while ((samples[0]?.atMs ?? sample.atMs) < sample.atMs - WINDOW_MS) samples.shift();
}

function least(samples: readonly Sample[]): number | undefined {
  return samples.length === 0 ? undefined : Math.min(...samples.map(({ valueMs }) => valueMs));
}
