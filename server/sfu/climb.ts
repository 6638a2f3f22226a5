/** Where a Viewer without a bandwidth estimate stands: it goes by loss alone. */
export interface Climb {
  /** The highest Layer that has proved to go through, or is being tried. */
  layer: number;
  /** Readings in a row without loss worth mentioning. */
  cleanReadings: number;
  /** That many clean readings are wanted before the next Layer is tried. */
  patience: number;
}

export const FIRST_STEP: Climb = { layer: 0, cleanReadings: 0, patience: 2 };

/** Loss that any link may have now and then; more than this says that the link is full. */
const CLEAN_LOSS = 0.02;
const FULL_LOSS = 0.1;
/** Readings. After a fall, the same Layer is tried again later and later. */
const LONGEST_PATIENCE = 60;

/** Does the link carry less than is sent? @param lossFraction 0 to 1 */
export function isFull(lossFraction: number): boolean {
  return lossFraction > FULL_LOSS;
}

/**
 * One reading, once a second: up after a clean while, down at once when the link is full.
 *
 * @param lossFraction of the packets sent lately, 0 to 1, as the Viewer reports it
 * @param top the highest Layer there is
 */
export function climb(climbing: Climb, lossFraction: number, top: number): Climb {
  const { layer, cleanReadings, patience } = climbing;
  if (isFull(lossFraction)) {
    const longer = Math.min(LONGEST_PATIENCE, patience * 2);
    return { layer: Math.max(0, layer - 1), cleanReadings: 0, patience: longer };
  }
  if (lossFraction > CLEAN_LOSS) return { ...climbing, cleanReadings: 0 };
  if (layer >= top || cleanReadings + 1 < patience) {
    return { ...climbing, cleanReadings: cleanReadings + 1 };
  }
  return { layer: layer + 1, cleanReadings: 0, patience };
}
