/** How much of something had gone at a moment: milliseconds, bytes. */
export type Sample = { readonly at: number; readonly bytes: number };

/** Milliseconds: longer, and it says nothing of now; shorter, and it jumps. */
const WINDOW_MS = 8_000;
/** Fewer say nothing yet. */
const LEAST_MS = 750;

/** Bytes that go back (a server that lost some) begin anew. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.bytes < last.bytes) return [sample];
  return [...samples.filter(({ at }) => at > sample.at - WINDOW_MS), sample];
}

/** @returns bytes a second; null while too little is known */
export function speedOf(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) return null;
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
}

/** @returns seconds; null while nobody can say */
export function remainingSeconds(bytesLeft: number, speed: number | null): number | null {
  return speed === null || speed <= 0 ? null : bytesLeft / speed;
}
