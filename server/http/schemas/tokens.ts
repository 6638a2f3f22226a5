import { z } from 'zod';
import { SCOPES } from '../../access/principal.ts';
import { lineSchema, timeSchema } from './common.ts';

const scopesSchema = z
  .array(z.enum(SCOPES))
  .min(1)
  .max(SCOPES.length)
  .describe('What it may do. `admin` includes the others, writing includes reading.');

export const createTokenSchema = z.strictObject({
  name: lineSchema(64).describe('What it is for.'),
  scopes: scopesSchema,
  expiresInSeconds: z
    .number()
    .int()
    .min(60)
    .max(10 * 365 * 24 * 3600)
    .optional()
    .describe('Without, it lasts until it is revoked.'),
});

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: scopesSchema,
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable().describe('To the minute.'),
  owner: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe('The account that it belongs to: it ends with it, and may never do more.'),
});

export const createdTokenSchema = tokenSchema.extend({
  token: z.string().describe('Shown this once; the server keeps only its hash.'),
});

export const tokenListSchema = z.object({ tokens: z.array(tokenSchema) });

export const tokenParamsSchema = z.object({ id: z.uuid() });
