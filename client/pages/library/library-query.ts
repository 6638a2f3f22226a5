import * as z from 'zod';
import {
  type Asset,
  assetKindSchema,
  assetStateSchema,
  libraryIdSchema,
  visibilitySchema,
} from '../../../signaling/contract/index.ts';

export const SORTS = ['newest', 'oldest', 'title', 'longest', 'shortest', 'collection'] as const;

/** What is looked for. What is not named is not asked for. */
const querySchema = z.object({
  text: z.string().max(200).default('').catch(''),
  kind: assetKindSchema.optional().catch(undefined),
  state: assetStateSchema.optional().catch(undefined),
  visibility: visibilitySchema.optional().catch(undefined),
  tags: z.array(z.string().trim().min(1).max(50)).max(10).catch([]),
  collection: libraryIdSchema.optional().catch(undefined),
  sort: z.enum(SORTS).optional().catch(undefined),
});
export type LibraryQuery = z.output<typeof querySchema>;

export const EVERYTHING: LibraryQuery = querySchema.parse({ tags: [] });

/** Of the page's address; what it does not know there counts as not said. */
export function queryOfAddress(search: string): LibraryQuery {
  const said = new URLSearchParams(search);
  const query = querySchema.parse({ ...Object.fromEntries(said), tags: said.getAll('tag') });
  const ownOrder = query.sort === 'collection' && query.collection === undefined;
  return ownOrder ? { ...query, sort: undefined } : query;
}

/** `?text=sea&tag=blue`, or nothing: what the page's address has, and what the API is asked for. */
export function addressOfQuery(query: LibraryQuery): string {
  const { text, tags, ...rest } = query;
  const words = new URLSearchParams();
  if (text.trim() !== '') words.set('text', text);
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) words.set(name, value);
  for (const tag of tags) words.append('tag', tag);
  return words.size === 0 ? '' : `?${words}`;
}

/** Is anything asked for besides a collection and an order? */
export function isNarrowed({ text, kind, state, visibility, tags }: LibraryQuery): boolean {
  return text.trim() !== '' || (kind ?? state ?? visibility) !== undefined || tags.length > 0;
}

/** Do new Assets come first in what is listed? */
export function showsNewestFirst({ sort, collection }: LibraryQuery): boolean {
  return sort === 'newest' || (sort === undefined && collection === undefined);
}

/** Is it in the order that people gave it? */
export function isInOwnOrder({ sort, collection }: LibraryQuery): boolean {
  return collection !== undefined && (sort ?? 'collection') === 'collection';
}

/** `sea, blue ,sea` as tags, each once. */
export function tagsOfText(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().replace(/\s+/g, ' '));
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** Tags that are known by now, most used first: what fields offer. */
export function knownTags(assets: readonly Asset[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of assets.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([tag]) => tag);
}
