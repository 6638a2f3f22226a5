import * as z from 'zod';
import { libraryIdSchema } from './asset.ts';
import { playbackRateSchema, positionSchema } from './session.ts';

/** A party's name in its link: 128 random bits as base64url (RFC 4648 section 5). Who has it may come. */
export const partyIdSchema = z.string().regex(/^[\w-]{22}$/, 'an id of a party');

/** Proves that one is the host; made as the id is. It is in no link. */
export const hostKeySchema = z.string().regex(/^[\w-]{22}$/, 'a key of a host');

/** Who may steer. */
export const PARTY_STEERINGS = ['host', 'everyone'] as const;
export const partySteeringSchema = z.enum(PARTY_STEERINGS);
export type PartySteering = z.infer<typeof partySteeringSchema>;

/** Where a party is: what each of its watchers is to see at each moment. `positionAt` tells. */
export const partyTimelineSchema = z.object({
  /** Seconds. */
  position: positionSchema,
  /** Seconds of the Asset in a second. */
  rate: playbackRateSchema,
  paused: z.boolean(),
  /** From the end it goes on at the beginning. */
  loop: z.boolean(),
  /** When it is at `position`, by the server's clock (`readClock`); until then it stands there. */
  atServerMs: z.number(),
});
export type PartyTimeline = z.infer<typeof partyTimelineSchema>;

/** Several people watch one Asset on one timeline, which is the server's. */
export const partySchema = z.object({
  id: partyIdSchema,
  assetId: libraryIdSchema,
  steering: partySteeringSchema.describe('Who may play, pause and seek for all.'),
  timeline: partyTimelineSchema,
  watchers: z.number().int().min(0),
});
export type Party = z.infer<typeof partySchema>;

/** What is asked of a party's timeline. What is left out stays as it is. */
export const partyOrderSchema = z.object({
  at: positionSchema.optional(),
  paused: z.boolean().optional(),
  rate: playbackRateSchema.optional(),
  loop: z.boolean().optional(),
});
export type PartyOrder = z.infer<typeof partyOrderSchema>;

/**
 * Why there is no party any more: `ended`: by its host; `gone`: its Asset was deleted, or is not for this person any
 * more; `stopped`: by the server.
 */
export const PARTY_ENDS = ['ended', 'gone', 'stopped'] as const;
export const partyEndSchema = z.enum(PARTY_ENDS);
export type PartyEnd = z.infer<typeof partyEndSchema>;

/** Where a party is at a moment of the server's clock, seconds; at the end it stands, or begins again. */
export function positionAt(timeline: PartyTimeline, serverMs: number, duration: number): number {
  const { position, rate, paused, loop, atServerMs } = timeline;
  if (paused || serverMs <= atServerMs) return Math.min(position, duration);
  const passed = position + ((serverMs - atServerMs) / 1000) * rate;
  if (passed < duration) return passed;
  return loop && duration > 0 ? passed % duration : duration;
}
