import type { Layer, LayerReason } from '../../signaling/contract/index.ts';

/** `720p`: the shorter side, as people name it, upright pictures included. */
export function layerLabel({ width, height }: Pick<Layer, 'width' | 'height'>): string {
  return `${Math.min(width, height)}p`;
}

const REASONS: Record<LayerReason, string> = {
  starting: 'started low for a fast first picture, and moves up from there',
  best: 'the best there is',
  bandwidth: 'what your connection carries at present',
  chosen: 'chosen by you',
};

/** The Layer and why it is this one, as a sentence. */
export function layerSentence(
  layer: Pick<Layer, 'width' | 'height'> | undefined,
  reason: LayerReason | null,
): string {
  if (layer === undefined) return 'No picture is being sent at present.';
  const label = layerLabel(layer);
  return reason === null ? `${label}.` : `${label}: ${REASONS[reason]}.`;
}
