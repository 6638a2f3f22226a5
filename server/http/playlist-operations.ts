import { playlistSchema } from '../channels/playlist/playlist.ts';
import { type Operation, plain } from './operation.ts';
import { channelParamsSchema } from './schemas/channels.ts';
import { playlistAnswerSchema } from './schemas/playlist.ts';

/** Five hundred items and two hundred entries are longer than other requests. */
const MAX_PLAYLIST_BYTES = 128 * 1024;

const path = '/channels/:id/playlist';

export const PLAYLIST_OPERATIONS = {
  getPlaylist: {
    ...plain,
    method: 'get',
    path,
    summary: 'What a Channel plays from the library, and what of it is on now and next.',
    status: 200,
    scope: 'channels:read',
    params: channelParamsSchema,
    result: playlistAnswerSchema,
    errors: ['notFound'],
  },
  putPlaylist: {
    ...plain,
    method: 'put',
    path,
    summary: 'Has it play this. What is on air goes on if it is in the new one, too.',
    status: 200,
    scope: 'channels:write',
    bodyBytes: MAX_PLAYLIST_BYTES,
    params: channelParamsSchema,
    body: playlistSchema,
    result: playlistAnswerSchema,
    errors: ['notFound', 'forbidden', 'conflict', 'tooLarge'],
  },
  deletePlaylist: {
    ...plain,
    method: 'delete',
    path,
    summary: 'Has it play nothing from the library any more.',
    status: 204,
    scope: 'channels:write',
    params: channelParamsSchema,
    errors: ['notFound', 'forbidden'],
  },
} satisfies Record<string, Operation>;
