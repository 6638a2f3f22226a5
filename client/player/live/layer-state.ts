import type { LayerReason } from '../../../signaling/contract/index.ts';

export type LayerState = {
  /** Index into the Channel's layers; null while none can be sent. */
  spatialLayer: number | null;
  reason: LayerReason | null;
  /** Bits a second. */
  availableBitrate: number | null;
};

export const NO_LAYER: LayerState = { spatialLayer: null, reason: null, availableBitrate: null };
