import { z } from 'zod';
import {
  type Asset,
  assetSchema,
  type Collection,
  collectionSchema,
  type Visibility,
} from '../../signaling/contract/index.ts';
import { call } from './admin-api.ts';
import { addressOfQuery, type LibraryQuery } from './library-query.ts';
import { portions } from './library-selection.ts';
import type { Place } from './library-tree.ts';
import type { UploadLimits } from './library-upload-state.ts';

/** Who looks at the page, and what the page offers them. */
export type Session = { name: string | null; mayRead: boolean; mayWrite: boolean };

const sessionSchema = z.object({
  principal: z.object({ name: z.string(), scopes: z.array(z.string()) }).nullable(),
});
const pageSchema = z.object({ assets: z.array(assetSchema), cursor: z.string().nullable() });
export type AssetPage = z.output<typeof pageSchema>;

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

export async function whoLooks(): Promise<Session> {
  const { principal } = sessionSchema.parse(await call('GET', '/session'));
  const scopes = principal?.scopes ?? [];
  const mayWrite = scopes.includes('admin') || scopes.includes('library:write');
  const mayRead = mayWrite || scopes.includes('library:read');
  return { name: principal?.name ?? null, mayRead, mayWrite };
}

/** @param cursor of the page before */
export async function listAssets(
  query: LibraryQuery,
  limit: number,
  cursor?: string,
): Promise<AssetPage> {
  const words = new URLSearchParams(addressOfQuery(query));
  words.set('limit', String(limit));
  if (cursor !== undefined) words.set('cursor', cursor);
  return pageSchema.parse(await call('GET', `/assets?${words}`));
}

export async function getAsset(id: string): Promise<Asset> {
  return assetSchema.parse(await call('GET', `/assets/${id}`));
}

/** Those whose original is the same. */
export async function sameAs(checksum: string): Promise<Asset[]> {
  return pageSchema.parse(await call('GET', `/assets?checksum=${checksum}`)).assets;
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

export async function listCollections(): Promise<Collection[]> {
  const list = z.object({ collections: z.array(collectionSchema) });
  return list.parse(await call('GET', '/collections')).collections;
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
