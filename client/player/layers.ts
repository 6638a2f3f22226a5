import type { Layer, LayerReason } from '../../signaling/contract/index.ts';

/** `720p`: the shorter side, as people name it, upright pictures included. */
export function layerLabel({ width, height }: Pick<Layer, 'width' | 'height'>): string {
  return `${Math.min(width, height)}p`;
}

const REASONS: Record<LayerReason, string> = {
  starting: 'started low for a fast first picture, and moves up from there',
  best: 'the best there is',
  bandwidth: 'what your connection carries at present',
  soundFirst: 'your connection carries the sound only at present',
  chosen: 'chosen by you',
  audioOnly: 'sound only, as you chose',
  size: 'as sharp as it can be seen at this size',
  hidden: 'nobody sees it at present',
  decoder: 'what this device can decode smoothly',
  slowDevice: 'what this device keeps up with',
  dataSaver: 'saving data, as your browser was asked to',
  source: 'the broadcaster sends no higher one at present',
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
