import * as z from 'zod';

/**
 * Who may watch a Channel or an Asset, the strictest last.
 *
 * - `public`: everybody; it stands in lists
 * - `unlisted`: whoever has its address
 * - `signedIn`: whoever has an account here
 * - `password`: whoever knows its password
 * - `token`: whoever shows a signed token for it
 * - `private`: whoever may change it; for everybody else it is not there
 */
export const VISIBILITIES = [
  'public',
  'unlisted',
  'signedIn',
  'password',
  'token',
  'private',
] as const;
export const visibilitySchema = z.enum(VISIBILITIES);
export type Visibility = z.infer<typeof visibilitySchema>;

/** An origin (RFC 6454) such as `https://example.org`, or `*` for all. */
export const siteSchema = z.union([
  z.literal('*'),
  z.string().refine((text) => URL.parse(text)?.origin === text, {
    message: 'an origin such as https://example.org, without a path',
  }),
]);

const timeOrNone = z.iso.datetime({ offset: true }).nullable();

/** What is ruled for one Channel or Asset; null: as for all (`embedSites`), or no limit. */
export const accessRulesSchema = z.object({
  visibility: visibilitySchema,
  /** Sites that may embed it; the installation's own pages always may. */
  embedSites: z.array(siteSchema).max(100).nullable(),
  /** The most that may watch it at the same time. */
  maxViewers: z.number().int().min(1).max(1_000_000).nullable(),
  /** Nobody watches before, nor from then on; ISO 8601. */
  startsAt: timeOrNone,
  endsAt: timeOrNone,
});
export type AccessRules = z.infer<typeof accessRulesSchema>;

export const OPEN_RULES: AccessRules = {
  visibility: 'public',
  embedSites: null,
  maxViewers: null,
  startsAt: null,
  endsAt: null,
};

/**
 * Why somebody may not watch, or not any more. Told to the person; a closed list.
 *
 * - `signIn`, `password`, `token`: one of these is to be shown
 * - `wrongPassword`, `wrongToken`: what was shown is not right, or not for this
 * - `expired`: the grant has come to its end
 * - `revoked`: the grant was taken back, or the password changed
 * - `notYet`, `over`: it begins later, or is over
 * - `site`: the site around the player may not embed it
 * - `full`: as many watch as may
 * - `refused`: the operator's own service says no
 * - `gone`: it is not there (any more), or not for whoever asks
 */
export const WATCH_REFUSALS = [
  'signIn',
  'password',
  'token',
  'wrongPassword',
  'wrongToken',
  'expired',
  'revoked',
  'notYet',
  'over',
  'site',
  'full',
  'refused',
  'gone',
] as const;
export const watchRefusalSchema = z.enum(WATCH_REFUSALS);
export type WatchRefusal = z.infer<typeof watchRefusalSchema>;

/** A playback token: a JWT in its compact form (RFC 7519). */
export const playbackTokenSchema = z
  .string()
  .max(4096)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'a JWT');

/** What a password, or a right to issue, is answered with. */
export const playbackGrantSchema = z.object({
  token: playbackTokenSchema,
  /** By which it is revoked (`jti`). */
  id: z.string(),
  /** ISO 8601. */
  expiresAt: z.string(),
});
export type PlaybackGrant = z.infer<typeof playbackGrantSchema>;
