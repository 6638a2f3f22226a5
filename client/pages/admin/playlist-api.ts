import * as z from 'zod';
import { call, listAssets, listCollections, Refused } from '../api.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

const FOUND_AT_ONCE = '20';

const partSchema = z.object({ assetId: z.string(), title: z.string().optional() });

const playlistSchema = z.object({
  items: z.array(
    z.union([z.object({ assetId: z.string() }), z.object({ collectionId: z.string() })]),
  ),
  loop: z.boolean(),
  order: z.enum(['listed', 'shuffled']),
  schedule: z.array(
    z.object({ at: z.string(), days: z.array(z.enum(DAYS)).optional(), assetId: z.string() }),
  ),
  timeZone: z.string().optional(),
});
export type Playlist = z.infer<typeof playlistSchema>;

const answerSchema = playlistSchema.extend({
  titles: z.record(z.string(), z.string()),
  state: z.enum(['playing', 'broadcaster', 'waiting']),
  reason: z.string().optional(),
  now: partSchema.extend({ position: z.number(), endsAt: z.string().optional() }).optional(),
  next: partSchema.extend({ at: z.string() }).optional(),
});
export type PlaylistAnswer = z.infer<typeof answerSchema>;

/** Something of the library that can be put on a list. */
export interface Playable {
  id: string;
  title: string;
  /** A collection is put on the list as a whole, with what is in it then. */
  isCollection: boolean;
  /** Seconds. */
  duration?: number | undefined;
}

const addressOf = (channelId: string) => `/channels/${channelId}/playlist`;

/** @returns null where the Channel plays nothing from the library */
export async function getPlaylist(channelId: string): Promise<PlaylistAnswer | null> {
  try {
    return answerSchema.parse(await call('GET', addressOf(channelId)));
  } catch (error) {
    if (error instanceof Refused && error.code === 'notFound') return null;
    throw error;
  }
}

export async function putPlaylist(channelId: string, playlist: Playlist): Promise<PlaylistAnswer> {
  return answerSchema.parse(await call('PUT', addressOf(channelId), playlist));
}

export async function deletePlaylist(channelId: string): Promise<void> {
  await call('DELETE', addressOf(channelId));
}

/** Videos, sounds and collections whose words begin with these. */
export async function findPlayable(text: string): Promise<Playable[]> {
  const [collections, assets] = await Promise.all([findCollections(text), findAssets(text)]);
  return [...collections, ...assets];
}

async function findAssets(text: string): Promise<Playable[]> {
  const query = new URLSearchParams({ limit: FOUND_AT_ONCE, ...(text !== '' && { text }) });
  const { assets } = await listAssets(query);
  return assets
    .filter(({ kind, watchable }) => watchable && kind !== 'image')
    .map(({ id, title, duration }) => ({ id, title, duration, isCollection: false }));
}

async function findCollections(text: string): Promise<Playable[]> {
  const collections = await listCollections();
  return collections
    .filter(({ title }) => title.toLocaleLowerCase().includes(text.toLocaleLowerCase()))
    .map(({ id, title }) => ({ id, title, isCollection: true }));
}
