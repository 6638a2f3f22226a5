import type { AssetState } from '../../signaling/contract/index.ts';

/** What may become of an Asset: what was refused or is ready can be prepared again. */
const NEXT: Record<AssetState, readonly AssetState[]> = {
  uploading: ['preparing', 'refused'],
  preparing: ['ready', 'refused'],
  ready: ['preparing'],
  refused: ['preparing'],
};

/** Saying again what is so already is no change. */
export function mayBecome(now: AssetState, next: AssetState): boolean {
  return now === next || NEXT[now].includes(next);
}
