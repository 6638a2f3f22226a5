import type { types } from 'mediasoup';
import { z } from 'zod';

/** One moment by both clocks of a sender, as its Sender Report has it (RFC 3550 section 6.4.1). */
export interface ReportedMoment {
  /** Milliseconds since the Unix epoch. */
  epochMs: number;
  rtpTimestamp: number;
}

/** From the NTP epoch (1900) to the Unix epoch, seconds (RFC 5905 section 6). */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;
/** RTP clock of every video format, ticks a millisecond. */
const VIDEO_TICKS_PER_MS = 90;

const uint32 = z.number().int().min(0).max(0xffffffff);
const reportSchema = z.object({ ssrc: uint32, ntpSec: uint32, ntpFrac: uint32, rtpTs: uint32 });

/** Hears of the Sender Reports of a Producer. Those without an NTP time (all zero) say nothing. */
export async function readSenderReports(
  producer: types.Producer,
  take: (report: ReportedMoment & { ssrc: number }) => void,
): Promise<void> {
  producer.on('trace', ({ type, info }) => {
    if (type !== 'sr') return;
    const { ssrc, ntpSec, ntpFrac, rtpTs } = reportSchema.parse(info);
    if (ntpSec === 0 && ntpFrac === 0) return;
    const epochMs = (ntpSec - NTP_TO_UNIX_SECONDS + ntpFrac / 2 ** 32) * 1_000;
    take({ ssrc, epochMs, rtpTimestamp: rtpTs });
  });
  await producer.enableTraceEvent(['sr']);
}

/** When a picture was captured by a moment's clocks; the RTP clock wraps around. */
export function epochMsOf({ epochMs, rtpTimestamp }: ReportedMoment, ofRtpTimestamp: number) {
  return epochMs + ((ofRtpTimestamp - rtpTimestamp) | 0) / VIDEO_TICKS_PER_MS;
}

/**
 * Of several moments of one stream, the one by which its pictures were captured earliest. Senders that put the
 * time of the report to the timestamp of the packet before it make pictures younger than they are, never older.
 */
export function earliestOf(moments: readonly ReportedMoment[]): ReportedMoment | undefined {
  const last = moments.at(-1);
  if (last === undefined) return undefined;
  const epochMs = (moment: ReportedMoment) => epochMsOf(moment, last.rtpTimestamp);
  return moments.reduce((best, one) => (epochMs(one) < epochMs(best) ? one : best));
}
