import { z } from 'zod';
import { type Asset, assetSchema, collectionSchema } from '../../signaling/contract/index.ts';
import { neighboursOf, type Person } from './asset-words.ts';

const ANSWER_MS = 15_000;
/** A collection is gone through by pages; one that is longer than this has its end without arrows. */
const MAX_PAGES = 25;

const personSchema = z.object({
  principal: z.object({ name: z.string(), scopes: z.array(z.string()) }).nullable(),
});
const listSchema = z.object({ assets: z.array(assetSchema), cursor: z.string().nullable() });

/** Who is signed in. @throws when the server cannot be reached */
export async function fetchPerson(): Promise<Person> {
  return personSchema.parse(await get('/session')).principal;
}

export type Place = {
  title: string;
  before: Asset | undefined;
  after: Asset | undefined;
};

/** What comes before and after an Asset in a collection. @throws when there is no such collection for whoever asks */
export async function fetchPlace(collectionId: string, assetId: string): Promise<Place> {
  const { title } = collectionSchema.parse(await get(`/collections/${collectionId}`));
  const found: Asset[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({
      collection: collectionId,
      sort: 'collection',
      limit: '200',
    });
    if (cursor !== null) query.set('cursor', cursor);
    const list = listSchema.parse(await get(`/assets?${query.toString()}`));
    found.push(...list.assets);
    const { after } = neighboursOf(found, assetId);
    cursor = list.cursor;
    if (after !== undefined || cursor === null) break;
  }
  return { title, ...neighboursOf(found, assetId) };
}

async function get(path: string): Promise<unknown> {
  const response = await fetch(`/api/v1${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return await response.json();
}
