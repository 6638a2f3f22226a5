import * as z from 'zod';

/**
 * What an account may do.
 *
 * - `administrator`: everything
 * - `editor`: Channels and the library, and who watches of it
 * - `broadcaster`: goes live on Channels
 * - `viewer`: watches what is for those who are signed in
 */
export const ROLES = ['administrator', 'editor', 'broadcaster', 'viewer'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Big and small letters mean the same account. */
export const accountNameSchema = z.string().trim().min(1).max(64).toLowerCase();

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** May not log in, and is logged in nowhere. */
  disabled: z.boolean(),
  /** Signs in at another service (OpenID Connect), not with a password. */
  external: z.boolean(),
  /** ISO 8601. */
  createdAt: z.string(),
  lastSeenAt: z.string().nullable(),
});
export type AccountInfo = z.infer<typeof accountSchema>;

/** A browser in which somebody is logged in. */
export const loginSessionSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  lastUsedAt: z.string(),
  /** From where, when it was opened. */
  address: z.string().nullable(),
  /** What the browser says of itself. */
  userAgent: z.string().nullable(),
  /** Is it the one that asks? */
  current: z.boolean(),
});
export type LoginSession = z.infer<typeof loginSessionSchema>;

export const invitationSchema = z.object({
  id: z.string(),
  role: roleSchema,
  /** For whom; only a reminder. */
  note: z.string(),
  createdBy: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type Invitation = z.infer<typeof invitationSchema>;

/** What was done that changes who may do what, or takes something away. */
export const auditEntrySchema = z.object({
  id: z.string(),
  /** ISO 8601. */
  at: z.string(),
  /** Such as `account.created`, `session.failed`, `channel.deleted`. */
  action: z.string(),
  /** Who did it: the name of an account or an API token; null where nobody was known. */
  actor: z.string().nullable(),
  address: z.string().nullable(),
  /** What it was done to. */
  target: z.string().nullable(),
  /** Further facts, no secrets among them. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
