import { z } from 'zod';
import { playbackGrantSchema, siteSchema } from '../../../signaling/contract/index.ts';
import { MAX_TOKEN_SECONDS, thingIdSchema } from '../../access/passes/claims.ts';
import { DEFAULT_TOKEN_SECONDS } from '../../access/passes/passes.ts';
import { lineSchema, timeSchema } from './common.ts';

export const createPlaybackTokenSchema = z.strictObject({
  id: thingIdSchema.describe(
    'The Channel or the Asset that it opens; `*`: all that are not private.',
  ),
  subject: lineSchema(255).optional().describe('For whom, in your own words; the webhook is told.'),
  sites: z
    .array(siteSchema)
    .min(1)
    .max(20)
    .optional()
    .describe('On which sites only, of those that may embed the thing.'),
  expiresInSeconds: z
    .number()
    .int()
    .min(1)
    .max(MAX_TOKEN_SECONDS)
    .default(DEFAULT_TOKEN_SECONDS)
    .describe('Then what it opened ends.'),
});

export const grantSchema = playbackGrantSchema;

export const playbackTokenListQuerySchema = z.strictObject({
  id: thingIdSchema.optional().describe('Only those for this Channel or Asset.'),
  cursor: z.string().max(500).optional().describe('Of the page before.'),
});

export const playbackTokenListSchema = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      thingId: z.string(),
      subject: z.string().nullable(),
      sites: z.array(z.string()).nullable(),
      createdBy: z.string(),
      createdAt: timeSchema,
      expiresAt: timeSchema,
    }),
  ),
  cursor: z.string().nullable().describe('Leads to the next page; null where there is none.'),
});

export const playbackTokenParamsSchema = z.object({
  id: z.string().min(1).max(255).describe('`id` of the answer, or `jti` of another’s token.'),
});

export const rotatePlaybackKeysSchema = z.strictObject({
  endEarlier: z
    .boolean()
    .default(false)
    .describe('Nothing that was signed before holds any longer, and what it opened ends.'),
});

export const unlockSchema = z.strictObject({ password: z.string().min(1).max(1024) });
