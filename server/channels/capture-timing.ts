import type { CaptureReference } from '../../signaling/contract/index.ts';
import type { EncoderClock } from '../sfu/encoder-clock.ts';
import { epochMsOf } from '../sfu/reported-moment.ts';

/** What Viewers need to tell the age of a Publisher's pictures. */
export interface CaptureTiming {
  /** How far our clock is ahead of the Publisher's, milliseconds; undefined where nobody can know. */
  clockOffsetMs?: number | undefined;
  captureReferences?: readonly CaptureReference[] | undefined;
}

/**
 * @param knownOffsetMs what the Publisher itself has found out of its clock (a broadcast page)
 * @param saidByPictures do Viewers get the capture times that pictures carry?
 */
export function captureTimingOf(
  clock: Pick<EncoderClock, 'offsetMs' | 'moments'>,
  knownOffsetMs: number | undefined,
  saidByPictures: boolean,
): CaptureTiming {
  const clockOffsetMs = offsetOf(clock, knownOffsetMs);
  const { moments } = clock;
  if (clockOffsetMs === undefined || saidByPictures || moments.length === 0) {
    return { clockOffsetMs };
  }
  const captureReferences = moments.map(({ epochMs, rtpTimestamp }) => ({
    rtpTimestamp,
    captureMs: epochMs,
  }));
  return { clockOffsetMs, captureReferences };
}

/** The time that pages are told is not put right while the server runs (`readClock`); the wall clock is. */
function offsetOf(clock: Pick<EncoderClock, 'offsetMs'>, knownMs: number | undefined) {
  const aheadMs = performance.timeOrigin + performance.now() - Date.now();
  const offsetMs = clock.offsetMs(knownMs === undefined ? undefined : knownMs - aheadMs);
  return offsetMs === undefined ? undefined : offsetMs + aheadMs;
}

/** Viewers are told of what has changed by more than this, milliseconds: a third of a picture's time. */
const NEWS_MS = 10;

/**
 * Is it another one, so that Viewers have to be told? Every Sender Report is another moment on the same clocks,
 * and that is no news.
 */
export function isNews(before: CaptureTiming, now: CaptureTiming): boolean {
  return (
    apart(before.clockOffsetMs, now.clockOffsetMs) ||
    before.captureReferences?.length !== now.captureReferences?.length ||
    !(now.captureReferences ?? []).every((one) =>
      before.captureReferences?.some((other) => agree(other, one)),
    )
  );
}

function apart(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a !== b;
  return Math.abs(a - b) > NEWS_MS;
}

/** Do both give a picture the same time? */
function agree(a: CaptureReference, b: CaptureReference): boolean {
  const { captureMs: epochMs, rtpTimestamp } = a;
  return Math.abs(epochMsOf({ epochMs, rtpTimestamp }, b.rtpTimestamp) - b.captureMs) <= NEWS_MS;
}
