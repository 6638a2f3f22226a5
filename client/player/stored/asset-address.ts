import { libraryIdSchema, partyIdSchema, watchedIn } from '../../../signaling/contract/index.ts';
import { startTime } from './start-time.ts';

export type AssetAddress = {
  assetId: string;
  /** The API's address of the Asset. */
  url: string;
  /** Seconds from the beginning. */
  startAt: number;
  /** Of the party that watches it together; null for who watches alone. */
  party: string | null;
};

/**
 * Where a player's `src` leads, if that is an Asset: its bare id (on the page's own server), or the address of its watch page.
 *
 * @param pageUrl the address of the page that the player stands in
 * @returns null for anything else
 */
export function parseAssetAddress(src: string, pageUrl: string): AssetAddress | null {
  const bare = libraryIdSchema.safeParse(src);
  const url = URL.parse(bare.success ? `/watch/${src}` : src, pageUrl);
  const id = libraryIdSchema.safeParse(watchedIn(url?.pathname ?? ''));
  if (url === null || !id.success || !/^https?:$/.test(url.protocol)) return null;
  const party = partyIdSchema.safeParse(url.searchParams.get('party'));
  return {
    assetId: id.data,
    url: new URL(`/api/v1/assets/${id.data}`, url).href,
    startAt: startTime(url.searchParams.get('t') ?? url.searchParams.get('start')),
    party: party.success ? party.data : null,
  };
}
