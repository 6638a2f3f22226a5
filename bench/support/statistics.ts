/** What is told of a number of measurements. */
export type Summary = { median: number; min: number; max: number; count: number };

/** @throws {Error} where nothing was measured. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error('Nothing was measured.');
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    count: values.length,
  };
}

/** The middle value; between the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Two ways of doing the same, measured in turn: A B A B. What happens to the machine meanwhile
 * happens to both.
 */
export async function interleave<A, B>(
  rounds: number,
  measureA: (round: number) => Promise<A>,
  measureB: (round: number) => Promise<B>,
): Promise<{ a: A[]; b: B[] }> {
  const a: A[] = [];
  const b: B[] = [];
  for (let round = 0; round < rounds; round += 1) {
    a.push(await measureA(round));
    b.push(await measureB(round));
  }
  return { a, b };
}

/** One by one: each pair was measured next to each other, on the same machine in the same mood. */
export function ratios(ours: readonly number[], floor: readonly number[]): number[] {
  return ours.slice(0, floor.length).map((value, index) => value / (floor[index] ?? Number.NaN));
}
