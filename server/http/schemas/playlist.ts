import { z } from 'zod';
import { libraryIdSchema } from '../../../signaling/contract/index.ts';
import { playlistSchema } from '../../channels/playlist/playlist.ts';
import { timeSchema } from './common.ts';

const partSchema = z.object({
  assetId: libraryIdSchema,
  title: z.string().optional().describe('Where whoever asks may see it.'),
});

export const playlistAnswerSchema = z.object({
  ...playlistSchema.shape,
  titles: z
    .record(libraryIdSchema, z.string())
    .describe('Of all that is named here, as far as whoever asks may see it.'),
  state: z
    .enum(['playing', 'broadcaster', 'waiting'])
    .describe(
      '`broadcaster`: somebody is live on the Channel; the playlist comes back after that.',
    ),
  reason: z.string().optional().describe('Why it waits.'),
  now: partSchema
    .extend({
      position: z.number().min(0).describe('Seconds.'),
      beganAt: timeSchema,
      endsAt: timeSchema.optional().describe('None while it goes round and round.'),
    })
    .optional(),
  next: partSchema.extend({ at: timeSchema }).optional(),
});
