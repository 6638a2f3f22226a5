/** How far up the ladder one Viewer's link is trusted. */
export interface LinkCeiling {
  /** The highest Layer that may be asked for. */
  layer: number;
  /** When it was last raised, and when it last fell, milliseconds of a monotonic clock. */
  raisedAtMs: number;
  fellAtMs: number;
  /**
   * The Layer that did not fit last: not tried again before `untilMs`, or the link carries twice what it did
   * at its narrowest since then.
   */
  failed: { layer: number; untilMs: number; patienceMs: number; narrowest: number } | undefined;
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

/** A Layer is tried when the estimate is this much above what it takes: bit rates are not steady. */
const HEADROOM = 1.1;

/** A link that carries this many times what it did is another one than that which failed. */
const ANOTHER_LINK = 2;

/** After a fall: how long the Layer is left alone that was too much, milliseconds. */
const FIRST_PATIENCE_MS = 1_500;
const LONGEST_PATIENCE_MS = 12_000;

/** The estimate of a link that was just overrun finds its level within this time, milliseconds. */
const SETTLING_MS = 900;

/** A Layer that lasted this long has proved itself, milliseconds: its next fall is a new story. */
const PROVEN_MS = 8_000;

/** Trust until shown otherwise: mediasoup's own allocation holds a newcomer back where it must. */
export const UNLIMITED: LinkCeiling = {
  layer: Number.POSITIVE_INFINITY,
  raisedAtMs: Number.NEGATIVE_INFINITY,
  fellAtMs: Number.NEGATIVE_INFINITY,
  failed: undefined,
};

/** Does the Layer being sent no longer fit? */
export function falls({ estimate, bitrates, current }: LinkReading): boolean {
  return current !== null && current > 0 && estimate < (bitrates[current] ?? 0);
}

/** Everybody falls to the lowest Layer, whose key frames come most often, and goes up from there. */
export function fallen(
  ceiling: LinkCeiling,
  { current, nowMs }: Pick<LinkReading, 'current' | 'nowMs'>,
): LinkCeiling {
  const layer = current ?? 0;
  const proven = nowMs - ceiling.raisedAtMs > PROVEN_MS;
  const before = ceiling.failed;
  const patienceMs =
    before === undefined || (proven && before.layer >= layer)
      ? FIRST_PATIENCE_MS
      : Math.min(LONGEST_PATIENCE_MS, before.patienceMs * 2);
  const failed = {
    layer,
    patienceMs,
    untilMs: nowMs + patienceMs,
    narrowest: Number.POSITIVE_INFINITY,
  };
  return { ...ceiling, layer: 0, fellAtMs: nowMs, failed };
}

/** Up to the highest Layer that fits with something to spare. Never down: see `fallen`. */
export function raised(before: LinkCeiling, reading: LinkReading): LinkCeiling {
  const ceiling = narrowed(before, reading);
  if (reading.nowMs - ceiling.fellAtMs < SETTLING_MS) return ceiling;
  const layer = Math.min(fitting(reading), barred(ceiling, reading) - 1);
  return layer > ceiling.layer ? { ...ceiling, layer, raisedAtMs: reading.nowMs } : ceiling;
}

function narrowed(ceiling: LinkCeiling, { estimate }: LinkReading): LinkCeiling {
  const { failed } = ceiling;
  if (failed === undefined || estimate >= failed.narrowest) return ceiling;
  return { ...ceiling, failed: { ...failed, narrowest: estimate } };
}

/** The highest Layer that the estimate has room for; -1 where not even the lowest fits. */
export function fitting({ estimate, bitrates, besides }: LinkReading): number {
  return bitrates.findLastIndex(
    (bitrate) => bitrate > 0 && (bitrate + besides) * HEADROOM <= estimate,
  );
}

function barred({ failed }: LinkCeiling, { estimate, nowMs }: LinkReading): number {
  const free =
    failed === undefined || nowMs >= failed.untilMs || estimate > failed.narrowest * ANOTHER_LINK;
  return free ? Number.POSITIVE_INFINITY : failed.layer;
}
