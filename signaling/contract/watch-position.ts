import * as z from 'zod';
import { type Asset, assetSchema } from './asset.ts';
import { positionSchema } from './session.ts';

/** How far somebody has come in an Asset. */
export const watchPositionSchema = z.object({
  seconds: positionSchema.describe('From the beginning.'),
  updatedAt: z.iso.datetime().describe('When they were there.'),
});
export type WatchPosition = z.infer<typeof watchPositionSchema>;

/** What somebody has begun and not watched to its end. */
export const begunSchema = watchPositionSchema.extend({ asset: assetSchema });
export type Begun = z.infer<typeof begunSchema>;

/** Seconds: what is shorter is begun anew. A song is heard again from its beginning, a lecture goes on. */
const SHORTEST = { video: 60, audio: 600, image: Infinity };
/** Seconds: who has come no further has hardly begun. */
const BEGINNING = 5;
/** Seconds, and of the whole: what is left when only credits are. */
const END = { seconds: 5, part: 0.02 };

/** Where to go on from such a place: 0 where there is nothing to go on with, as of what was watched to its end. */
export function worthKeeping(
  seconds: number,
  { kind, duration }: Pick<Asset, 'kind' | 'duration'>,
): number {
  if (kind === null || duration === undefined || duration < SHORTEST[kind]) return 0;
  const end = duration - Math.max(END.seconds, duration * END.part);
  return seconds >= BEGINNING && seconds < end ? seconds : 0;
}
