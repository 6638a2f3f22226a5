import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { OnBehalfOf, PlayableAsset, PlayableAssets } from './playable-assets.ts';
import type { Playlist } from './playlist.ts';

/** Whoever plays more than that has no list in mind. */
const MAX_ASSETS = 5_000;

/** Why an Asset is not played, and by which code. */
export interface Fault {
  assetId: string;
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
  const found = new Map<string, PlayableAsset>();
  const faults = new Map<string, Fault>();
  const find = async (id: string) => {
    if (found.has(id) || faults.has(id)) return;
    try {
      found.set(id, await assets.find(id, as));
    } catch (error) {
      faults.set(id, faultOf(id, error));
    }
  };
  const assetIds: string[] = [];
  for (const item of items) {
    const room = MAX_ASSETS - assetIds.length;
    if (room <= 0) break;
    const inIt = 'assetId' in item ? [] : await inCollection(assets, item.collectionId, as, room);
    for (const asset of inIt) found.set(asset.id, asset);
    assetIds.push(...('assetId' in item ? [item.assetId] : inIt.map(({ id }) => id)));
  }
  for (const id of assetIds) await find(id);
  for (const { assetId } of schedule) await find(assetId);
  return { assetIds, found, faults };
}

/** @throws whatever is not about this Asset, but about the server */
function faultOf(assetId: string, error: unknown): Fault {
  if (!(error instanceof SfumatoError)) throw error;
  return { assetId, code: error.code, reason: error.message };
}

/** A collection that is gone is an empty one. */
async function inCollection(
  assets: PlayableAssets,
  ...[id, as, atMost]: Parameters<PlayableAssets['inCollection']>
): Promise<PlayableAsset[]> {
  try {
    return await assets.inCollection(id, as, atMost);
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'notFound') return [];
    throw error;
  }
}
