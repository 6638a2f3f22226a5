import { z } from 'zod';
import { roleSchema } from '../../../signaling/contract/index.ts';
import { SCOPES } from '../../access/principal.ts';
import { lineSchema } from './common.ts';

/** Big and small letters mean the same account. */
export const accountNameSchema = lineSchema(64).toLowerCase();

/** Long rather than odd (NIST SP 800-63B section 3.1.1.2); an end, since hashing costs time. */
export const newPasswordSchema = z.string().min(12).max(256);

export const loginSchema = z.strictObject({
  name: accountNameSchema,
  password: z.string().min(1).max(256),
});

export const setupSchema = z.strictObject({
  token: z.string().min(1).max(256).describe('Of the link that the server said at its start.'),
  name: accountNameSchema,
  password: newPasswordSchema,
});

export const sessionAnswerSchema = z.object({
  principal: z
    .object({
      kind: z.enum(['account', 'apiToken', 'adminToken']),
      id: z.string().describe('By which `owner.id` of Assets and collections knows them.'),
      name: z.string(),
      scopes: z.array(z.enum(SCOPES)),
      role: roleSchema.optional().describe('Of an account.'),
      external: z.boolean().optional().describe('Does the account sign in at another service?'),
    })
    .nullable()
    .describe('Who asks; null where nobody is logged in.'),
  signInWith: z
    .object({ name: z.string() })
    .nullable()
    .describe('The other service at which one may sign in.'),
});

export const loggedInSchema = z.object({ name: z.string() });
