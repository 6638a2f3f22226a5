/** How much of a part is measured, in place of what the part has for a usual run. */
export type BenchOptions = {
  /** How often: cuts, starts, minutes of a bad link. */
  rounds?: number | undefined;
  /** How long what is measured over time is watched. */
  minutes?: number | undefined;
};
