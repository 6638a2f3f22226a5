/** How far up the ladder one Viewer's link is trusted. */
export interface LinkCeiling {
  /** The highest Layer that may be asked for. */
  layer: number;
  /** When it was last raised, and when it last fell, milliseconds of a monotonic clock. */
  raisedAtMs: number;
  fellAtMs: number;
  /** What was sent when it was last raised. */
  raisedFrom: number;
  failed: Failure | undefined;
}

/** The Layer that did not fit last. */
interface Failure {
  layer: number;
  /** It is not tried again before, milliseconds of a monotonic clock. */
  untilMs: number;
  patienceMs: number;
  /** It had flowed for long: the link has changed, and may change back at any time. */
  proven: boolean;
  /** The lowest estimate since then, bits a second. */
  narrowest: number;
}

/** What is known at one moment. */
export interface LinkReading {
  /** What the link carries, bits a second, by the estimator. */
  estimate: number;
  /** What each Layer takes, lowest first, bits a second. */
  bitrates: readonly number[];
  /** What else is sent, bits a second: the sound. */
  besides: number;
  /** Being sent now; null while none is. */
  current: number | null;
  nowMs: number;
}

/**
 * A Layer is tried when the estimate is so much above what it takes: key frames are large, and the queue of a narrow
 * link is short. Of the highest Layer no more can be asked, by the estimator's maximum.
 */
const HEADROOM = 1.35;
const TOP_HEADROOM = 1.1;
/** The estimate of a Layer that flows has its floor so much above what it takes. */
const FLOOR_HEADROOM = 1.1;

/** An estimate that is hardly above its floor is at it. */
const NEARLY = 1.02;

/** With so much above what it takes, one that has failed as soon as it was tried is tried again at once. */
const AMPLE_HEADROOM = 1.5;

/** A link that carries this many times what it did is another one than that which failed. */
const ANOTHER_LINK = 2;

/** After a fall: how long the Layer is left alone that was too much, milliseconds. */
const FIRST_PATIENCE_MS = 1_500;
const LONGEST_PATIENCE_MS = 48_000;

/** The estimate of a link that was just overrun finds its level within this time, milliseconds. */
const SETTLING_MS = 1_800;

/** A Layer that lasted this long has proved itself, milliseconds: its next fall is a new story. */
const PROVEN_MS = 4_000;

/**
 * A Layer that takes less than this share of the estimate has room to spare, and large pictures of it pass. The highest one
 * takes nearly all of what the estimator goes up to: with more than this, large pictures wait on a link that carries it.
 */
const ROOM_TO_SPARE = 0.7;
const TIGHT = 0.8;
/** Pictures that come so much too late have filled a queue, whatever the estimate still says; milliseconds. */
const SURELY_LATE_MS = 140;
/** The same for a Layer that has only just come: its first key frame fills a queue, too, and passes. */
const SURELY_LATE_WHEN_NEW_MS = 320;

/** A Layer is new for so long, milliseconds: its first key frame, and what waits behind it, are through by then. */
const NEW_MS = 2_500;

/** Probes without an answer after which a Layer is tried without, where nothing speaks against it ... */
const FIRST_LEAP_PROBES = 3;
/** ... and where it has failed as soon as it was tried, for each doubling of the patience. */
const NEXT_LEAP_PROBES = 16;
const MOST_LEAP_PROBES = 64;

/** Trust until shown otherwise: mediasoup's own allocation holds a newcomer back where it must. */
export const UNLIMITED: LinkCeiling = {
  layer: Number.POSITIVE_INFINITY,
  raisedAtMs: Number.NEGATIVE_INFINITY,
  fellAtMs: Number.NEGATIVE_INFINITY,
  raisedFrom: 0,
  failed: undefined,
};

/** Was the Viewer just let up to the highest Layer of these, or back to it after a try of a higher one? */
export function isNew(ceiling: LinkCeiling, nowMs: number): boolean {
  const { raisedAtMs, fellAtMs } = ceiling;
  return comesBack(ceiling, nowMs) || (raisedAtMs > fellAtMs && nowMs - raisedAtMs < NEW_MS);
}

/** Then the estimate, and what the receiver said last, are still those of the try. */
export function comesBack({ layer, raisedAtMs, fellAtMs }: LinkCeiling, nowMs: number): boolean {
  return layer > 0 && fellAtMs > raisedAtMs && nowMs - fellAtMs < SETTLING_MS;
}

/**
 * Pictures come late, as the client says: is the link overrun, or is it a large picture that passes?
 *
 * @param share of the estimate that the Layer takes @param isHighest nothing above it is sent
 */
export function isOverrun(seen: {
  lateMs: number;
  share: number;
  isHighest: boolean;
  comesNow: boolean;
}): boolean {
  const { lateMs, share, isHighest, comesNow } = seen;
  if (comesNow) return lateMs >= SURELY_LATE_WHEN_NEW_MS;
  const mayPass = share < ROOM_TO_SPARE || (isHighest && share > TIGHT);
  return !mayPass || lateMs >= SURELY_LATE_MS;
}

/**
 * What the estimate need not go below, bits a second: enough for the Layer that is sent. A key frame fills the queue
 * of a link that carries it well, and the estimate dips for a second. The highest Layer has no floor once it has come to
 * stay: a link that has become too narrow for it is to be seen at once.
 *
 * @param comesNow its first key frame, the largest that there is, is on its way
 */
export function floorOf({ bitrates, besides, current }: LinkReading, comesNow = false): number {
  if (current === null || current === 0) return 0;
  if (current >= highest(bitrates) && !comesNow) return 0;
  return ((bitrates[current] ?? 0) + besides) * FLOOR_HEADROOM;
}

/** Is the estimate as low as it goes? */
export function isShort({ estimate, bitrates, current }: LinkReading, floor: number): boolean {
  if (current === null || current === 0) return false;
  return estimate <= Math.max(floor * NEARLY, bitrates[current] ?? 0);
}

/**
 * Whoever falls gets the lowest Layer, whose key frames come most often, and goes up from there: to what was sent before,
 * where a higher one was only tried, else to what the estimate says when it has settled.
 */
export function fallen(
  ceiling: LinkCeiling,
  { current, nowMs }: Pick<LinkReading, 'current' | 'nowMs'>,
): LinkCeiling {
  const layer = current ?? 0;
  const proven = nowMs - ceiling.raisedAtMs > PROVEN_MS;
  const before = ceiling.failed;
  const patienceMs =
    before === undefined || proven || before.layer !== layer
      ? FIRST_PATIENCE_MS
      : Math.min(LONGEST_PATIENCE_MS, before.patienceMs * 2);
  const failed = {
    layer,
    patienceMs,
    proven,
    untilMs: nowMs + patienceMs,
    narrowest: Number.POSITIVE_INFINITY,
  };
  // A Layer below one that is barred may have fallen by what that one has left in the queue.
  const barring = before !== undefined && before.layer > layer && nowMs < before.untilMs;
  const trusted = proven ? 0 : Math.max(0, Math.min(ceiling.raisedFrom, layer - 1));
  return { ...ceiling, layer: trusted, fellAtMs: nowMs, failed: barring ? before : failed };
}

/** Up to the highest Layer that fits with something to spare. Never down: see `fallen`. */
export function raised(before: LinkCeiling, reading: LinkReading): LinkCeiling {
  const ceiling = narrowed(before, reading);
  if (reading.nowMs - ceiling.fellAtMs < SETTLING_MS) return ceiling;
  const layer = Math.min(fitting(reading), barred(ceiling, reading) - 1);
  if (layer <= ceiling.layer) return ceiling;
  return { ...ceiling, layer, raisedAtMs: reading.nowMs, raisedFrom: reading.current ?? 0 };
}

function narrowed(ceiling: LinkCeiling, { estimate }: LinkReading): LinkCeiling {
  const { failed } = ceiling;
  if (failed === undefined || estimate >= failed.narrowest) return ceiling;
  return { ...ceiling, failed: { ...failed, narrowest: estimate } };
}

/**
 * After how many probes without an answer the next Layer is tried all the same: soon on a link that has carried it, later
 * and later on one that has not, for each try may cost the person a hiccup.
 */
export function leapPatience({ failed }: LinkCeiling): number {
  if (failed === undefined || failed.proven) return FIRST_LEAP_PROBES;
  return Math.min(MOST_LEAP_PROBES, (NEXT_LEAP_PROBES * failed.patienceMs) / FIRST_PATIENCE_MS);
}

/** The highest Layer that the estimate has room for; -1 where not even the lowest fits. */
export function fitting(reading: LinkReading): number {
  return reading.bitrates.findLastIndex((_, layer) =>
    fits(reading, layer, headroomOf(reading, layer)),
  );
}

/** With this estimate the Layer is tried, bits a second. */
export function neededFor(
  layer: number,
  { bitrates, besides }: Pick<LinkReading, 'bitrates' | 'besides'>,
): number {
  return Math.ceil(((bitrates[layer] ?? 0) + besides) * headroomOf({ bitrates }, layer));
}

function headroomOf({ bitrates }: Pick<LinkReading, 'bitrates'>, layer: number): number {
  return layer === highest(bitrates) ? TOP_HEADROOM : HEADROOM;
}

/** That arrives. */
function highest(bitrates: readonly number[]): number {
  return bitrates.findLastIndex((bitrate) => bitrate > 0);
}

function fits({ estimate, bitrates, besides }: LinkReading, layer: number, headroom: number) {
  const bitrate = bitrates[layer] ?? 0;
  return bitrate > 0 && (bitrate + besides) * headroom <= estimate;
}

/** The lowest Layer that is not to be tried. */
function barred({ failed }: LinkCeiling, reading: LinkReading): number {
  if (failed === undefined) return Number.POSITIVE_INFINITY;
  const { layer, proven, narrowest, untilMs } = failed;
  const changed = proven
    ? reading.estimate > narrowest * ANOTHER_LINK
    : fits(reading, layer, AMPLE_HEADROOM);
  const free = changed || reading.nowMs >= untilMs;
  return free ? Number.POSITIVE_INFINITY : layer;
}
