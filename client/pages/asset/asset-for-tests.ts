import type { Asset } from '../../../signaling/contract/index.ts';

/** A film that is ready, but for what is said otherwise. */
export function anAsset(asset: Partial<Asset> = {}): Asset {
  return {
    ...{ id: 'ABCDEFGHIJKLMNO2', title: 'A film', description: '', kind: 'video', state: 'ready' },
    ...{ visibility: 'public', tags: [], duration: 600, watchable: true, files: [] },
    ...{ createdAt: '2026-11-22T12:00:00.000Z', updatedAt: '2026-11-22T12:00:00.000Z' },
    ...asset,
  };
}
