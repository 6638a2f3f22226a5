import type { LayerReason, PreferredLayer } from '../../signaling/contract/index.ts';

/** What decides about the Layer of one Viewer's picture. Layers are counted from 0, the lowest. */
export interface LayerState {
  /** Being sent now; null while none is. */
  current: number | null;
  /** The highest on offer. */
  top: number;
  /** The person's choice. */
  preferred: PreferredLayer;
  /** Has the first key frame been sent? Until then only the lowest Layer is asked for. */
  started: boolean;
  /** The highest that loss allows, where nothing else tells what the link carries. */
  byLoss?: number | undefined;
}

/**
 * The Layer to ask mediasoup for; it sends this one or what the link carries of those below.
 * Every Viewer starts in the lowest, whose key frames come most often, and moves up from there.
 */
export function layerToAskFor(state: LayerState): number {
  if (!state.started) return 0;
  return Math.min(worthSending(state), state.byLoss ?? state.top);
}

/** The highest Layer of use to the person, whatever the link carries. */
function worthSending({ preferred, top }: LayerState): number {
  return preferred === 'auto' ? top : Math.min(preferred, top);
}

/** Why the Viewer has the Layer that it has. */
export function layerReason(state: LayerState): LayerReason {
  if (!state.started || state.current === null) return 'starting';
  if (state.current < worthSending(state)) return 'bandwidth';
  return state.preferred === 'auto' ? 'best' : 'chosen';
}
