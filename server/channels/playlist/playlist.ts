import { z } from 'zod';
import { libraryIdSchema } from '../../../signaling/contract/index.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

const MAX_ITEMS = 500;
const MAX_ENTRIES = 200;

/** One Asset, or all that are in a collection, in the collection's order. */
export const playlistItemSchema = z.union([
  z.strictObject({ assetId: libraryIdSchema }),
  z.strictObject({ collectionId: libraryIdSchema }),
]);
export type PlaylistItem = z.infer<typeof playlistItemSchema>;

const clockTimeSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'HH:MM or HH:MM:SS')
  .describe('A time of day, in the time zone of the playlist: every day, or on `days`.');

const momentSchema = z.iso.datetime({ offset: true }).describe('Once, then.');

export const scheduleEntrySchema = z
  .strictObject({
    at: z.union([clockTimeSchema, momentSchema]),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .max(7)
      .optional()
      .describe('Every day, where none is named.'),
    assetId: libraryIdSchema,
  })
  .refine(({ at, days }) => days === undefined || !at.includes('T'), {
    path: ['days'],
    message: 'a date has no days of the week',
  });
export type ScheduleEntry = z.infer<typeof scheduleEntrySchema>;

/** What a Channel plays from the library: a list, and what begins at a time whatever the list is at. */
export const playlistSchema = z.strictObject({
  items: z.array(playlistItemSchema).max(MAX_ITEMS).default([]),
  loop: z.boolean().default(true).describe('After the last one the first one again.'),
  order: z
    .enum(['listed', 'shuffled'])
    .default('listed')
    .describe('Shuffled: another order in each round.'),
  schedule: z
    .array(scheduleEntrySchema)
    .max(MAX_ENTRIES)
    .default([])
    .describe('At its time an Asset begins, whatever plays; then the list goes on.'),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'a time zone as IANA names it, for example Europe/Rome')
    .optional()
    .describe('Of the times of day: a name of IANA. The server’s own, where none is named.'),
});
export type Playlist = z.output<typeof playlistSchema>;

export const SERVER_TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function isTimeZone(timeZone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    // That is how `Intl` says no.
    return false;
  }
}
