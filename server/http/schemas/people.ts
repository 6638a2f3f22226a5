import { z } from 'zod';
import {
  accountSchema,
  auditEntrySchema,
  invitationSchema,
  loginSessionSchema,
  roleSchema,
} from '../../../signaling/contract/index.ts';
import { lineSchema } from './common.ts';
import { accountNameSchema, newPasswordSchema } from './session.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

export const personParamsSchema = z.object({ id: z.uuid() });

export const accountAnswerSchema = accountSchema;

export const accountListSchema = z.object({ accounts: z.array(accountSchema) });

export const updateAccountSchema = z
  .strictObject({
    role: roleSchema.optional(),
    disabled: z.boolean().optional().describe('Ends its logins, and what its API tokens may do.'),
  })
  .refine((changes) => Object.keys(changes).length > 0, { message: 'nothing to change' });

export const loginListQuerySchema = z.strictObject({
  account: z.uuid().optional().describe('Of somebody else: for administrators.'),
});

export const loginListSchema = z.object({ logins: z.array(loginSessionSchema) });

export const changePasswordSchema = z.strictObject({
  password: z.string().min(1).max(256).describe('The present one.'),
  newPassword: newPasswordSchema,
});

export const createInvitationSchema = z.strictObject({
  role: roleSchema,
  note: lineSchema(120).or(z.literal('')).default('').describe('For whom; only a reminder.'),
  expiresInSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * DAY)
    .default(3 * DAY),
});

export const createdInvitationSchema = invitationSchema.extend({
  token: z.string().describe('Shown this once. The link is `/admin#invitation=` and this.'),
});

export const invitationListSchema = z.object({ invitations: z.array(invitationSchema) });

export const acceptInvitationSchema = z.strictObject({
  token: z.string().min(1).max(256).describe('Of the link.'),
  name: accountNameSchema,
  password: newPasswordSchema,
});

export const auditQuerySchema = z.strictObject({
  action: z
    .string()
    .max(64)
    .regex(/^[a-zA-Z]+(\.[a-zA-Z]+)?$/, 'an action, or what stands before its dot')
    .optional()
    .describe('Only these: `account.deleted`, or all of `account`.'),
  cursor: z.string().max(256).optional().describe('Of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema).describe('Newest first.'),
  cursor: z.string().nullable().describe('For the next page; null where this is the last.'),
});

export const signInQuerySchema = z.looseObject({
  to: z.string().max(1024).optional().describe('The path of this server to come back to.'),
});

export const signInAnswerQuerySchema = z.looseObject({});
