import { z } from 'zod';
import {
  begunSchema,
  positionSchema,
  watchPositionSchema,
} from '../../../signaling/contract/index.ts';
import { timeSchema } from './common.ts';

export const positionAnswerSchema = z.object({
  position: watchPositionSchema
    .nullable()
    .describe('null where there is nothing to go on with: not begun, or watched to its end.'),
});

export const putPositionSchema = z.strictObject({
  seconds: positionSchema.describe('From the beginning.'),
  updatedAt: timeSchema
    .optional()
    .describe('When they were there; now, where none is named. The newest wins.'),
});

export const positionListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(24),
});

export const positionListSchema = z.object({
  positions: z.array(begunSchema).describe('The last first; Assets that may still be seen.'),
});
