type Timed = { readonly startTime: number; readonly endTime: number };

/** The cues of a moment, in their order (HTML, "time marches on"). @param time seconds */
export function activeAt<C extends Timed>(cues: readonly C[], time: number): C[] {
  return cues.filter(({ startTime, endTime }) => startTime <= time && time < endTime);
}

/** When the next cue begins or ends, seconds; null where nothing follows. */
export function nextChange(cues: readonly Timed[], time: number): number | null {
  let next = Infinity;
  for (const { startTime, endTime } of cues) {
    if (startTime > time) next = Math.min(next, startTime);
    if (endTime > time) next = Math.min(next, endTime);
  }
  return Number.isFinite(next) ? next : null;
}
