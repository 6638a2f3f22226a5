/** How often a link that holds a Viewer back may be probed, milliseconds. A probe is 15 ms long. */
export const PROBE_INTERVAL_MS = 1_500;

/** After so many probes in a row only every third turn is taken. */
const EAGER_TURNS = 6;
const PATIENT_TURNS = 3;

/** A probe whose answer is less than this many times what was known has shown nothing. */
const ANSWER = 1.25;

/** What came of the probes since the Viewer was held back last. */
export interface Probing {
  turns: number;
  /** The estimate that the last answer gave, bits a second. */
  known: number;
  /** Probes since then. */
  unanswered: number;
}

export const NOT_PROBING: Probing = { turns: 0, known: 0, unanswered: 0 };

/**
 * `cap` and `uncap` each make the estimator look, which by itself it does every five seconds; besides, at its maximum, when
 * that becomes another one. So it gets a lower one, and the next time its own again. `leap`: the next Layer is the probe.
 */
export type ProbeStep = 'none' | 'cap' | 'uncap' | 'leap';

/**
 * What to do at one turn, which comes every `PROBE_INTERVAL_MS`. Probes can stay without an answer for minutes: their
 * packets arrive all at once where a network collects packets (Wi-Fi), or a device that has much to do reads them late, and
 * the estimator cannot make a rate of that.
 *
 * @param reading `patience`: after so many probes without an answer the next Layer is tried without
 */
export function probed(
  before: Probing,
  reading: { heldBack: boolean; capped: boolean; estimate: number; patience: number },
): { probing: Probing; step: ProbeStep } {
  const { heldBack, capped, estimate, patience } = reading;
  if (!heldBack) return { probing: NOT_PROBING, step: capped ? 'uncap' : 'none' };
  const turns = before.turns + 1;
  if (turns > EAGER_TURNS && turns % PATIENT_TURNS > 0) {
    return { probing: { ...before, turns }, step: 'none' };
  }
  const answered = estimate > before.known * ANSWER;
  const known = answered ? estimate : Math.min(before.known, estimate);
  const unanswered = answered ? 0 : before.unanswered + 1;
  if (unanswered >= patience) {
    return { probing: { turns, known, unanswered: 0 }, step: 'leap' };
  }
  return { probing: { turns, known, unanswered }, step: capped ? 'uncap' : 'cap' };
}
