import { type Asset, collectionSchema } from '../../signaling/contract/index.ts';
import { call, listAssets } from './api.ts';
import { neighboursOf } from './asset-words.ts';

/** A collection is gone through by pages; one that is longer than this has its end without arrows. */
const MAX_PAGES = 25;

export type Place = {
  title: string;
  before: Asset | undefined;
  after: Asset | undefined;
};

/** What comes before and after an Asset in a collection. @throws when there is no such collection for whoever asks */
export async function fetchPlace(collection: string, assetId: string): Promise<Place> {
  const { title } = collectionSchema.parse(await call('GET', `/collections/${collection}`));
  const found: Asset[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ collection, sort: 'collection', limit: '200' });
    if (cursor !== null) query.set('cursor', cursor);
    const list = await listAssets(query);
    found.push(...list.assets);
    const { after } = neighboursOf(found, assetId);
    cursor = list.cursor;
    if (after !== undefined || cursor === null) break;
  }
  return { title, ...neighboursOf(found, assetId) };
}
