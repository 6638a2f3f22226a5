import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Playlists } from '../channels/playlist/playlists.ts';
import type { PlaylistStatus } from '../channels/playlist/status.ts';
import type { StoredChannels } from '../channels/stored-channels.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { Reader } from '../library/reader.ts';
import type { Endpoints } from './endpoints.ts';
import { readerOf } from './library-reader.ts';
import { OPERATIONS } from './operations.ts';

export interface PlaylistSources {
  playlists: Playlists;
  stored: StoredChannels;
  catalogue: Catalogue;
}

type Found = NonNullable<ReturnType<Playlists['get']>>;

/** `/channels/:id/playlist`. */
export function playlistApi(endpoints: Endpoints, sources: PlaylistSources): void {
  const { playlists, stored } = sources;
  endpoints
    .on(OPERATIONS.getPlaylist, ({ params, principal }) =>
      answer(sources, params.id, readerOf(principal)),
    )
    .on(OPERATIONS.putPlaylist, async ({ params, body, principal }) => {
      const reader = readerOf(principal);
      await playlists.put(stored.get(params.id).channel, body, reader);
      return answer(sources, params.id, reader);
    })
    .on(OPERATIONS.deletePlaylist, ({ params }) =>
      playlists.remove(stored.get(params.id).channel.id),
    );
}

async function answer({ playlists, catalogue }: PlaylistSources, id: string, reader: Reader) {
  const found = playlists.get(id);
  if (found === undefined) {
    throw new SfumatoError('notFound', 'This Channel plays nothing from the library.');
  }
  const { playlist, status } = found;
  const { state, now, next } = status;
  const titles = await titlesOf(catalogue, found, reader);
  const titled = <T extends { assetId: string }>(part: T) => {
    return { ...part, title: titles[part.assetId] };
  };
  return {
    ...playlist,
    ...{ titles, state, reason: reasonFor(status, titles) },
    ...(now && { now: titled(now) }),
    ...(next && { next: titled(next) }),
  };
}

/** What is wrong with an Asset names it: that is for those who may see it. Of what is gone nothing is told. */
function reasonFor({ reason, fault }: PlaylistStatus, titles: Record<string, string>) {
  if (fault === undefined) return reason;
  const isTold = fault.code === 'notFound' || titles[fault.assetId] !== undefined;
  return isTold ? `${reason} ${fault.reason}` : reason;
}

async function titlesOf(
  { assets, collections }: Catalogue,
  { playlist: { items, schedule }, status: { now, next, fault } }: Found,
  reader: Reader,
): Promise<Record<string, string>> {
  const named = items.map((item) => ('assetId' in item ? item.assetId : undefined));
  const others = [...schedule, now, next, fault].map((part) => part?.assetId);
  const titles = new Map<string, string>();
  for (const id of new Set([...named, ...others])) {
    if (id !== undefined) await note(titles, id, () => assets.get(id, reader));
  }
  for (const item of items) {
    if (!('collectionId' in item)) continue;
    await note(titles, item.collectionId, () => collections.get(item.collectionId, reader));
  }
  return Object.fromEntries(titles);
}

/** What one may not see, or is gone, has no title. */
async function note(
  titles: Map<string, string>,
  id: string,
  get: () => Promise<{ title: string }>,
): Promise<void> {
  try {
    titles.set(id, (await get()).title);
  } catch (error) {
    if (!(error instanceof SfumatoError)) throw error;
    if (error.code !== 'notFound' && error.refusal === undefined) throw error;
  }
}
