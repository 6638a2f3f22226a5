/**
 * When, on the line of time that RTP timestamps say, pictures lie that are sent at once: one after the other just
 * before the wanted one, and all of them after what was sent before.
 */
export type BurstTimes = {
  /** Of each picture of the pre-roll, seconds. */
  preRoll: readonly number[];
  wanted: number;
};

/** Apart enough that every receiver takes them for different pictures, close enough to be no time. Seconds. */
const USUAL_STEP = 0.001;

/** Of a clock of 90 kHz. One might be rounded away. */
export const SMALLEST_STEP = 2 / 90_000;

/**
 * @param count pictures before the wanted one
 * @param after where the last picture lies that was sent, seconds
 * @param wanted where the wanted picture is to lie, seconds; it comes later only where there is no room before it
 */
export function burstTimes(count: number, after: number, wanted: number): BurstTimes {
  const at = Math.max(wanted, after + (count + 1) * SMALLEST_STEP);
  const step = Math.min(USUAL_STEP, (at - after) / (count + 1));
  return {
    preRoll: Array.from({ length: count }, (_, index) => at - (count - index) * step),
    wanted: at,
  };
}
