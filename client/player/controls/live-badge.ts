/** What the badge says of a live picture. */
export type LiveState = 'live' | 'behind' | 'offAir';

/** More delay than this is not live any more; the badge offers to catch up. */
const BEHIND_MS = 3_000;

export type LiveBadge = { state: LiveState; text: string; title: string };

/** The LIVE badge: at the live edge with the measured delay, behind it, or off air. */
export function liveBadge(facts: {
  live: boolean;
  paused: boolean;
  latencyMs: number | null;
}): LiveBadge {
  const { live, paused, latencyMs } = facts;
  if (!live) return { state: 'offAir', text: 'Off air', title: 'This channel is off air' };
  if (paused || (latencyMs !== null && latencyMs > BEHIND_MS)) {
    return { state: 'behind', text: 'Live', title: 'Go to the live picture' };
  }
  const delay = latencyMs === null ? '' : ` · ${delayWords(latencyMs)}`;
  return { state: 'live', text: `Live${delay}`, title: 'This is live; the figure is the delay' };
}

/** Coarse enough not to flicker. */
function delayWords(latencyMs: number): string {
  if (latencyMs >= 1_000) return `${(latencyMs / 1_000).toFixed(1)} s`;
  return `${Math.max(1, Math.round(latencyMs / 10)) * 10} ms`;
}
