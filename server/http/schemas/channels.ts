import { z } from 'zod';
import {
  broadcastHealthSchema,
  channelIdSchema,
  channelSchema,
  visibilitySchema,
} from '../../../signaling/contract/index.ts';
import { lineSchema, timeSchema } from './common.ts';

export const titleSchema = lineSchema(120).describe('For people.');

/** An hour: a broadcaster that is away for longer starts anew. */
export const graceSecondsSchema = z
  .number()
  .int()
  .min(0)
  .max(3600)
  .describe('How long Viewers wait for a Publisher that was lost, before the Channel is off air.');

export const channelParamsSchema = z.object({ id: channelIdSchema });

export const createChannelSchema = z.strictObject({
  id: channelIdSchema.describe('Its name in addresses, which stays.'),
  title: titleSchema,
  graceSeconds: graceSecondsSchema.optional(),
});

export const updateChannelSchema = z
  .strictObject({ title: titleSchema.optional(), graceSeconds: graceSecondsSchema.optional() })
  .refine((changes) => Object.keys(changes).length > 0, 'nothing to change is named');

export const channelSettingsSchema = z
  .object({
    graceSeconds: graceSecondsSchema,
    visibility: visibilitySchema,
    createdAt: timeSchema,
  })
  .describe('Shown to those with `channels:read`. A Channel of the command line has none.');

/** As Viewers see it, and for those with the right also how it is set. */
export const channelAnswerSchema = channelSchema.extend({
  settings: channelSettingsSchema.optional(),
});

export const channelListAnswerSchema = z.object({ channels: z.array(channelAnswerSchema) });

export const streamKeyAnswerSchema = z.object({
  streamKey: z.string().describe('Shown this once; the server keeps only its hash.'),
});

export const createdChannelSchema = channelAnswerSchema.extend(streamKeyAnswerSchema.shape);

export const channelHealthSchema = z.object({
  live: z.boolean(),
  health: broadcastHealthSchema
    .nullable()
    .describe('As it was a second ago. null while nobody sends: off air, or a file plays.'),
});

export const uploadProbeAnswerSchema = z.object({
  bytes: z.number().int().min(0).describe('So many have arrived.'),
});
