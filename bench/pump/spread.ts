const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/**
 * When each of many streams begins, milliseconds within a second, rising. As broadcasts that people
 * start, they share no frame times: the golden ratio's multiples are never in step with anything.
 */
export function startOffsetsMs(count: number): number[] {
  return Array.from({ length: count }, (_, index) => ((index * GOLDEN_RATIO) % 1) * 1000).toSorted(
    (a, b) => a - b,
  );
}
