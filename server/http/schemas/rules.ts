import { z } from 'zod';
import { accessRulesSchema, siteSchema } from '../../../signaling/contract/index.ts';

const partialRulesSchema = z.strictObject(accessRulesSchema.partial().shape);

export const rulesAnswerSchema = accessRulesSchema.extend({
  hasPassword: z.boolean(),
  defaultSites: z.array(siteSchema).describe('What `embedSites: null` means.'),
});

export const changeRulesSchema = partialRulesSchema
  .extend({
    password: z
      .string()
      .min(4)
      .max(256)
      .nullable()
      .optional()
      .describe('Another one; whoever said the last one is asked again. null: none any more.'),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'nothing to change is named');

export const defaultRulesSchema = z.object({
  channels: accessRulesSchema,
  assets: accessRulesSchema,
});

export const changeDefaultRulesSchema = z
  .strictObject({
    channels: partialRulesSchema.optional(),
    assets: partialRulesSchema.optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'nothing to change is named');
