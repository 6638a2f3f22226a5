import { z } from 'zod';
import { libraryIdSchema } from '../../signaling/contract/index.ts';
import { mediaNameSchema } from '../store/media-files/media-key.ts';
import { type Operation, plain } from './operation.ts';

const fileParamsSchema = z.object({ id: libraryIdSchema, name: mediaNameSchema });
const playlistParamsSchema = z.object({
  id: libraryIdSchema,
  name: mediaNameSchema.regex(/\.m3u8$/),
});

const tokenSchema = z
  .string()
  .max(4096)
  .optional()
  .describe('A playback token, of who cannot send it as `Authorization: Bearer`.');

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** What Assets are looked at and listened to by: answers that are no JSON. */
export const ASSET_DOOR_OPERATIONS = {
  watchAssets: {
    ...plain,
    method: 'get',
    path: '/assets/events',
    summary:
      'Server-sent events: `asset` with an Asset as it is now, `gone` with the `id` of one, `refused` where it may not be watched any more.',
    status: 200,
    query: z.strictObject({
      id: libraryIdSchema.optional().describe('Only this one.'),
      token: tokenSchema,
      site: z.string().max(300).optional().describe('Around the page, where it is in a frame.'),
    }),
    answerTypes: ['text/event-stream'],
    errors: ['forbidden', 'notFound', 'tooMany', 'overloaded'],
  },
  getAssetFile: {
    ...plain,
    method: 'get',
    path: '/assets/:id/files/:name',
    summary: 'A file of an Asset, or its `original` for who may change it; with ranges.',
    status: 200,
    params: fileParamsSchema,
    query: z.object({
      download: z.string().optional().describe('To be kept under a good name.'),
      token: tokenSchema,
    }),
    answerTypes: ['*/*'],
    errors: ['forbidden', 'notFound', 'overloaded'],
  },
  getAssetPlaylist: {
    ...plain,
    method: 'get',
    path: '/assets/:id/hls/:name',
    summary: 'HLS: `master.m3u8` (`master-opus.m3u8` with Opus), and the playlists that it names.',
    status: 200,
    params: playlistParamsSchema,
    query: z.object({ token: tokenSchema.describe('The playlist hands it on to what it names.') }),
    answerTypes: [PLAYLIST_TYPE],
    errors: ['forbidden', 'notFound', 'overloaded'],
  },
} satisfies Record<string, Operation>;
