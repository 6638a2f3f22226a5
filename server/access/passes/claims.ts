import { decodeJwt, type JWTPayload } from 'jose';
import { z } from 'zod';
import {
  channelIdSchema,
  libraryIdSchema,
  playbackTokenSchema,
  siteSchema,
} from '../../../signaling/contract/index.ts';
import type { Pass } from '../../rights/may-watch.ts';
import { hashSecret } from '../secrets.ts';

/** How far the clock of whoever signed may be off, milliseconds. */
export const CLOCK_TOLERANCE_MS = 5_000;
/** No token holds longer: as long is remembered which were taken back. Seconds. */
export const MAX_TOKEN_SECONDS = 24 * 60 * 60;

/** What a token must be for (RFC 8693 section 4.2). */
export const WATCH_SCOPE = 'watch';
/** The claim that says which password was said: of tokens that we made for it ourselves. */
export const PASSWORD_CLAIM = 'passwordVersion';
/** The media type of our own (RFC 8725 section 3.11): nothing else that is signed counts as one. */
export const OWN_TYPE = 'playback+jwt';

export const thingIdSchema = z.union([z.literal('*'), channelIdSchema, libraryIdSchema]);

/** Why a token is none: a closed list, for the metric. */
export const TOKEN_FAULTS = [
  'malformed',
  'issuer',
  'algorithm',
  'key',
  'signature',
  'audience',
  'claims',
] as const;
export type TokenFault = (typeof TOKEN_FAULTS)[number];

const scopeSchema = z
  .union([z.string().transform((text) => text.split(' ')), z.array(z.string())])
  .refine((scopes) => scopes.includes(WATCH_SCOPE));

const claimsSchema = z.object({
  sub: z.string().max(255).optional(),
  jti: z.string().min(1).max(255).optional(),
  nbf: z.number().optional(),
  exp: z.number(),
  id: thingIdSchema,
  scope: scopeSchema,
  origin: z
    .union([siteSchema.transform((site) => [site]), z.array(siteSchema).min(1).max(100)])
    .optional(),
  [PASSWORD_CLAIM]: z.number().int().min(0).optional(),
});

/** `iss` as it is said, which proves nothing yet; undefined where this is no JWT. */
export function claimedIssuer(token: string): string | undefined {
  if (!playbackTokenSchema.safeParse(token).success) return undefined;
  try {
    return z.object({ iss: z.string() }).safeParse(decodeJwt(token)).data?.iss;
  } catch {
    return undefined;
  }
}

export interface PassFacts {
  /** What stands in the token, whose signature, issuer and audience are right. */
  payload: JWTPayload;
  token: string;
  /** Our own clock has made it, and our own password may stand in it. */
  isOwn: boolean;
  nowMs: number;
}

/** @returns undefined where the claims are not such as a pass has */
export function passOf({ payload, token, isOwn, nowMs }: PassFacts): Pass | undefined {
  const { data: claims } = claimsSchema.safeParse(payload);
  if (claims === undefined) return undefined;
  const expiresAtMs = claims.exp * 1000 + (isOwn ? 0 : CLOCK_TOLERANCE_MS);
  if (expiresAtMs > nowMs + MAX_TOKEN_SECONDS * 1000 + 2 * CLOCK_TOLERANCE_MS) return undefined;
  return {
    id: claims.jti ?? idOf(token),
    subject: claims.sub,
    thingId: claims.id,
    sites: claims.origin?.includes('*') ? undefined : claims.origin,
    notBeforeMs: claims.nbf === undefined ? 0 : claims.nbf * 1000 - CLOCK_TOLERANCE_MS,
    expiresAtMs,
    passwordVersion: isOwn ? claims[PASSWORD_CLAIM] : undefined,
    isRevoked: false,
  };
}

/** For a token that has no `jti`: of what is signed, since one signature can be written in several ways. */
function idOf(token: string): string {
  return hashSecret(token.slice(0, token.lastIndexOf('.')));
}
