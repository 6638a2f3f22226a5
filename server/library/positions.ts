/**
 * Places in an order that people make. Numbers with room between them: what is put somewhere gets one in between,
 * and nothing else moves, so that a list which somebody pages through meanwhile stays as it is.
 */
export const SPACING = 1024;

/** Less than this between two, and all are numbered anew. */
const SMALLEST_GAP = 1e-6;

/**
 * So many places between two.
 *
 * @param before the place that they come after; none at the beginning
 * @param after the place that they come before; none at the end
 * @returns undefined where there is no room
 */
export function placesBetween(
  before: number | undefined,
  after: number | undefined,
  count: number,
): number[] | undefined {
  const start = before ?? (after === undefined ? 0 : after - SPACING * (count + 1));
  const step = after === undefined ? SPACING : (after - start) / (count + 1);
  if (step < SMALLEST_GAP) return undefined;
  return Array.from({ length: count }, (_, index) => start + step * (index + 1));
}
