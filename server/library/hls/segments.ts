/** What HLS makes of a file's fragments. Pure: offsets and times in, numbers out. */

/** A fragment of a file: `moof` and `mdat`. */
export interface Fragment {
  /** Seconds from the first fragment's start. */
  time: number;
  /** Bytes from the file's start. */
  offset: number;
  bytes: number;
}

export interface Segment {
  offset: number;
  bytes: number;
  /** Seconds. */
  duration: number;
}

/** Clocks of files are rounded to their timescales: 1/12800 second is the coarsest. */
const EPSILON_SECONDS = 0.001;

/** Segments are about so long, seconds. */
const WANTED_SECONDS = 5;

/**
 * The length of all segments of all Renditions of an Asset, seconds: whole distances between key frames of the higher
 * Renditions, so that all have their segments at the same times (RFC 8216bis section 6.2.4).
 *
 * @param keyFrameSeconds such a distance; undefined where there is no picture
 */
export function segmentSeconds(keyFrameSeconds: number | undefined): number {
  if (keyFrameSeconds === undefined) return WANTED_SECONDS;
  return Math.max(1, Math.round(WANTED_SECONDS / keyFrameSeconds)) * keyFrameSeconds;
}

/**
 * The first fragment of every span of so many seconds, with those that follow it.
 *
 * @param endTime where the last fragment ends, seconds
 */
export function segmentsOf(
  fragments: readonly Fragment[],
  endTime: number,
  seconds: number,
): Segment[] {
  const starts = firstOfEach(fragments, seconds);
  const last = fragments.at(-1);
  const end = last === undefined ? 0 : last.offset + last.bytes;
  return starts.map((start, index) => {
    const next = starts[index + 1];
    return {
      offset: start.offset,
      bytes: (next?.offset ?? end) - start.offset,
      duration: Math.max(0, (next?.time ?? endTime) - start.time),
    };
  });
}

/** Spans that nothing begins in have none. */
export function firstOfEach<F extends Pick<Fragment, 'time'>>(
  fragments: readonly F[],
  seconds: number,
): F[] {
  let span = -1;
  return fragments.filter(({ time }) => {
    const its = Math.floor((time + EPSILON_SECONDS) / seconds);
    if (its === span) return false;
    span = its;
    return true;
  });
}

/** The longest segment, rounded (RFC 8216bis section 4.4.3.1). Seconds. */
export function targetDuration(segments: readonly Pick<Segment, 'duration'>[]): number {
  return segments.reduce((most, { duration }) => Math.max(most, Math.round(duration)), 1);
}

/**
 * The largest bit rate of segments in a row that last between half and one and a half of the target duration together
 * (RFC 8216bis section 1, "peak segment bit rate"). Bits a second.
 */
export function peakBitrate(segments: readonly Segment[]): number {
  const target = targetDuration(segments);
  let peak = 0;
  for (let from = 0; from < segments.length; from += 1) {
    const sum = { bytes: 0, duration: 0 };
    for (let to = from; to < segments.length; to += 1) {
      sum.bytes += segments[to]?.bytes ?? 0;
      sum.duration += segments[to]?.duration ?? 0;
      if (sum.duration > 1.5 * target) break;
      if (sum.duration >= 0.5 * target) peak = Math.max(peak, bitrate(sum));
    }
  }
  // All of it is too short.
  return peak > 0 ? peak : averageBitrate(segments);
}

/** Bits a second. */
export function averageBitrate(segments: readonly Segment[]): number {
  const sum = { bytes: 0, duration: 0 };
  for (const { bytes, duration } of segments) {
    sum.bytes += bytes;
    sum.duration += duration;
  }
  return bitrate(sum);
}

function bitrate({ bytes, duration }: { bytes: number; duration: number }): number {
  return duration > 0 ? Math.ceil((bytes * 8) / duration) : 0;
}
