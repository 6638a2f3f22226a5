import type { Layer, PreferredLayer } from '../../../signaling/contract/index.ts';

const KEY = 'sfumato.quality';

type Size = Pick<Layer, 'width' | 'height'>;

/** The rung that comes nearest to what was chosen last, without going above it. @param chosen its shorter side, pixels */
export function rungFor(rungs: readonly Size[], chosen: number | null): PreferredLayer {
  if (chosen === null || rungs.length === 0) return 'auto';
  return Math.max(
    0,
    rungs.findLastIndex(({ width, height }) => Math.min(width, height) <= chosen),
  );
}

/** Pixels of the shorter side; null for automatic. */
export function loadQuality(): number | null {
  try {
    const pixels = Number(localStorage.getItem(KEY) ?? 0);
    return Number.isFinite(pixels) && pixels > 0 ? pixels : null;
  } catch (error) {
    console.debug('sfumato: the quality cannot be read', error);
    return null;
  }
}

export function storeQuality(chosen: number | null): void {
  try {
    if (chosen === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, String(chosen));
  } catch (error) {
    console.debug('sfumato: the quality cannot be remembered', error);
  }
}
