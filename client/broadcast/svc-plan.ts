import { activeLayers, type LayerPlan, type PictureSize, planLayers } from './layer-plan.ts';

/** The one encoding of a picture whose Layers are all in one stream (https://www.w3.org/TR/webrtc-svc/). */
export type SvcEncoding = {
  scalabilityMode: string;
  scaleResolutionDownBy: number;
  /** Bits a second at most, of all Layers together. */
  maxBitrate: number;
};

/** libwebrtc makes no VP9 Layer whose longer and shorter sides are less than that, pixels. */
const LEAST_VP9 = { longer: 240, shorter: 135 };

/** As `planLayers`, of those that VP9 is encoded in. */
export function planSvc(size: PictureSize): LayerPlan[] {
  const longer = Math.max(size.width, size.height);
  const shorter = Math.min(size.width, size.height);
  return planLayers(size).filter(
    ({ scaleResolutionDownBy: scale }) =>
      scale === 1 || (longer / scale >= LEAST_VP9.longer && shorter / scale >= LEAST_VP9.shorter),
  );
}

/**
 * K-SVC: a Layer refers to the one below it in key pictures only, so that a Viewer is sent nothing else of
 * those below. Three frame rates each, as in simulcast.
 */
export function svcMode(layers: number): string {
  return layers > 1 ? `L${layers}T3_KEY` : 'L1T3';
}

/** Bits a second that all of these Layers are worth. */
export function svcBitrate(layers: readonly LayerPlan[]): number {
  return layers.reduce((sum, { maxBitrate }) => sum + maxBitrate, 0);
}

/**
 * The Layers up to the highest that anybody watches; the lowest always. Each keeps its place and its size:
 * those above are left out by encoding a smaller picture.
 */
export function svcEncoding(plan: readonly LayerPlan[], maxSpatialLayer: number): SvcEncoding {
  const active = activeLayers(plan.length, maxSpatialLayer);
  const layers = plan.filter((_, layer) => active[layer]);
  return {
    scalabilityMode: svcMode(layers.length),
    scaleResolutionDownBy: layers.at(-1)?.scaleResolutionDownBy ?? 1,
    maxBitrate: svcBitrate(layers),
  };
}
