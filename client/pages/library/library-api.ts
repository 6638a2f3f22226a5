import * as z from 'zod';
import {
  type Asset,
  assetSchema,
  type Collection,
  collectionSchema,
  type Visibility,
} from '../../../signaling/contract/index.ts';
import { type AssetPage, call, listAssets } from '../api.ts';
import { addressOfQuery, type LibraryQuery } from './library-query.ts';
import { portions } from './library-selection.ts';
import type { Place } from './library-tree.ts';
import type { UploadLimits } from './library-upload-state.ts';

const outcomeSchema = z.object({
  changed: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), message: z.string() })),
});
export type BatchOutcome = z.output<typeof outcomeSchema>;

const limitsSchema = z.object({
  maxBytes: z.number(),
  quotaBytes: z.number().nullable(),
  usedBytes: z.number(),
  maxAssets: z.number().nullable(),
  assets: z.number(),
});

export type AssetChanges = Partial<Pick<Asset, 'title' | 'description' | 'tags' | 'visibility'>>;
export type CollectionChanges = Partial<
  Pick<Collection, 'title' | 'description' | 'visibility'> & Place
>;
export type BatchEdit = {
  visibility?: Visibility;
  addTags?: string[];
  removeTags?: string[];
  addTo?: string;
  removeFrom?: string;
  delete?: true;
};

/** @param cursor of the page before */
export async function findAssets(
  query: LibraryQuery,
  limit: number,
  cursor?: string,
): Promise<AssetPage> {
  const words = new URLSearchParams(addressOfQuery(query));
  words.set('limit', String(limit));
  if (cursor !== undefined) words.set('cursor', cursor);
  return listAssets(words);
}

export async function getAsset(id: string): Promise<Asset> {
  return assetSchema.parse(await call('GET', `/assets/${id}`));
}

/** Those whose original is the same. */
export async function sameAs(checksum: string): Promise<Asset[]> {
  return (await listAssets(new URLSearchParams({ checksum }))).assets;
}

export async function updateAsset(id: string, changes: AssetChanges): Promise<Asset> {
  return assetSchema.parse(await call('PATCH', `/assets/${id}`, changes));
}

export async function deleteAsset(id: string): Promise<void> {
  await call('DELETE', `/assets/${id}`);
}

/** However many they are. */
export async function editAssets(ids: readonly string[], edit: BatchEdit): Promise<BatchOutcome> {
  const all: BatchOutcome = { changed: [], failed: [] };
  for (const portion of portions(ids)) {
    const body = { ids: portion, ...edit };
    const outcome = outcomeSchema.parse(await call('POST', '/assets/batch', body));
    all.changed.push(...outcome.changed);
    all.failed.push(...outcome.failed);
  }
  return all;
}

export async function createCollection(collection: CollectionChanges): Promise<Collection> {
  return collectionSchema.parse(await call('POST', '/collections', collection));
}

export async function updateCollection(id: string, changes: CollectionChanges): Promise<void> {
  await call('PATCH', `/collections/${id}`, changes);
}

export async function deleteCollection(id: string): Promise<void> {
  await call('DELETE', `/collections/${id}`);
}

/** @param before an Asset's id; null for the end */
export async function putItems(
  collection: string,
  assetIds: readonly string[],
  before: string | null = null,
): Promise<void> {
  for (const portion of portions(assetIds)) {
    await call('POST', `/collections/${collection}/items`, { assetIds: portion, before });
  }
}

export async function uploadLimits(): Promise<UploadLimits> {
  return limitsSchema.parse(await call('GET', '/uploads/limits'));
}
