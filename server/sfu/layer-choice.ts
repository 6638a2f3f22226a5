import type { LayerReason } from '../../signaling/contract/index.ts';

/** What is worth sending to one Viewer, whatever its link carries. Layers are counted from 0, the lowest. */
export interface LayerLimit {
  /** The highest Layer of use; more than there are means all. */
  layer: number;
  /** Is a picture of use at all? */
  picture: boolean;
  /** Is sound? */
  sound: boolean;
  /** Why no higher one; `best` where nothing limits. */
  reason: LayerReason;
}

export const NO_LIMIT: LayerLimit = {
  layer: Number.POSITIVE_INFINITY,
  picture: true,
  sound: true,
  reason: 'best',
};

/** What a Viewer is told of it. */
export interface LayerChange {
  spatialLayer: number | null;
  reason: LayerReason;
}

/**
 * Does a Viewer's link carry less than the top Layer? `supposed`: by the estimate, which may be another one in a moment;
 * `felt`: what was sent came too late, or not.
 */
export type Shortage = 'none' | 'supposed' | 'felt';

/** What decides about the Layer of one Viewer's picture. */
export interface LayerState {
  /** Being sent now; null while none is. */
  current: number | null;
  /** The highest on offer. */
  top: number;
  limit: LayerLimit;
  /** Has the first key frame been sent? Until then only the lowest Layer is asked for. */
  started: boolean;
  /** The highest that the link is trusted with. */
  ceiling: number;
  /** Does the estimate say that not even the lowest Layer fits? */
  starved: boolean;
  /** The highest that arrives from the broadcaster. */
  arriving: number;
}

/**
 * The Layer to ask mediasoup for; it sends this one or what the link carries of those below.
 * Every Viewer starts in the lowest, whose key frames come most often, and moves up from there.
 */
export function layerToAskFor(state: LayerState): number {
  if (!state.started) return 0;
  return Math.min(worthSending(state), Math.max(0, state.ceiling));
}

/** The highest Layer of use to the person, whatever the link carries. */
function worthSending({ limit, top }: LayerState): number {
  return Math.min(limit.layer, top);
}

/** Why the Viewer has the Layer that it has. */
export function layerReason(state: LayerState): LayerReason {
  const { current, limit, started, starved } = state;
  if (!limit.picture) return limit.reason;
  if (current === null) return started && starved ? 'soundFirst' : 'starting';
  const worth = worthSending(state);
  if (current >= worth) return worth === state.top ? topReason(limit) : limit.reason;
  if (current >= state.arriving) return 'source';
  return started ? 'bandwidth' : 'starting';
}

/** Somebody who chose the top has it by choice; a limit that takes nothing away is none. */
function topReason({ reason }: LayerLimit): LayerReason {
  return reason === 'chosen' ? 'chosen' : 'best';
}
