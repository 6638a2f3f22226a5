import { type Asset, collectionSchema } from '../../../signaling/contract/index.ts';
import { call, listAssets } from '../api.ts';
import { type Neighbours, neighboursOf } from './asset-words.ts';

/** A collection is gone through by pages; one that is longer than this has its end without a list. */
const MAX_PAGES = 25;
const PAGE = 200;

/** Where an Asset stands in a collection. */
export type Place = Neighbours<Asset> & { id: string; title: string };

/** @throws when there is no such collection for whoever asks */
export async function fetchPlace(collection: string, assetId: string): Promise<Place> {
  const { id, title } = collectionSchema.parse(await call('GET', `/collections/${collection}`));
  const found: Asset[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ collection, sort: 'collection', limit: String(PAGE) });
    if (cursor !== null) query.set('cursor', cursor);
    const list = await listAssets(query);
    found.push(...list.assets);
    cursor = list.cursor;
    if (cursor === null || neighboursOf(found, assetId).after !== undefined) break;
  }
  return { id, title, ...neighboursOf(found, assetId, cursor !== null) };
}

/** Of another Asset of the same collection, as far as is known of it: until it is fetched. */
export function placeOf(assetId: string, place: Place): Place {
  const { before, after } = neighboursOf(place.around, assetId);
  return { ...place, before, after };
}
