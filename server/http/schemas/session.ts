import { z } from 'zod';
import { SCOPES } from '../../access/principal.ts';
import { lineSchema } from './common.ts';

/** Big and small letters mean the same account. */
const accountNameSchema = lineSchema(64).toLowerCase();

/** Long rather than odd (NIST SP 800-63B section 3.1.1.2); an end, since hashing costs time. */
const newPasswordSchema = z.string().min(12).max(256);

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
    })
    .nullable()
    .describe('Who asks; null where nobody is logged in.'),
});

export const loggedInSchema = z.object({ name: z.string() });
