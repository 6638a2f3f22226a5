import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { OnBehalfOf, PlayableAsset, PlayableAssets } from './playable-assets.ts';
import type { Playlist, PlaylistItem } from './playlist.ts';

/** Why an Asset is not played, and by which code. */
export interface Fault {
  code: string;
  reason: string;
}

/** What stands behind a playlist at a moment. */
export interface Contents {
  /** The list, with what is in its collections. */
  assetIds: readonly string[];
  found: ReadonlyMap<string, PlayableAsset>;
  faults: ReadonlyMap<string, Fault>;
}

export const NOTHING: Contents = { assetIds: [], found: new Map(), faults: new Map() };

/** Looks everything up. What cannot be had is among the faults; what is wrong with the library itself is thrown. */
export async function readContents(
  assets: PlayableAssets,
  { items, schedule }: Playlist,
  as: OnBehalfOf,
): Promise<Contents> {
  const assetIds: string[] = [];
  for (const item of items) assetIds.push(...(await assetsOf(assets, item, as)));
  const found = new Map<string, PlayableAsset>();
  const faults = new Map<string, Fault>();
  for (const id of new Set([...assetIds, ...schedule.map(({ assetId }) => assetId)])) {
    try {
      found.set(id, await assets.find(id, as));
    } catch (error) {
      faults.set(id, faultOf(error));
    }
  }
  return { assetIds, found, faults };
}

/** @throws whatever is not about this Asset, but about the server */
function faultOf(error: unknown): Fault {
  if (!(error instanceof SfumatoError)) throw error;
  return { code: error.code, reason: error.message };
}

/** A collection that is gone is an empty one. */
async function assetsOf(
  assets: PlayableAssets,
  item: PlaylistItem,
  as: OnBehalfOf,
): Promise<string[]> {
  if ('assetId' in item) return [item.assetId];
  try {
    return await assets.inCollection(item.collectionId, as);
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'notFound') return [];
    throw error;
  }
}
