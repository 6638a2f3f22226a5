import { z } from 'zod';
import { makeCaptions } from './captions.ts';
import type { Examination } from './examine.ts';
import { makeFirstRung, makeOthers } from './film.ts';
import { planFilm } from './film-plan.ts';
import { makeImage } from './image.ts';
import { madeSchema } from './made.ts';
import { makeCover, makePoster } from './poster.ts';
import type { Workbench } from './workbench.ts';

/** What a step made, and what only the steps after it need to know. */
export const stepResultSchema = madeSchema.partial().extend({
  /** Of the picture that stands for a film, seconds. */
  posterTime: z.number().optional(),
  /** What could be read of a film or a sound. */
  hasPicture: z.boolean().optional(),
  hasSound: z.boolean().optional(),
});
type Result = z.input<typeof stepResultSchema>;

export type Before = {
  posterTime: number | undefined;
  hasPicture: boolean;
  hasSound: boolean;
};

/** One part of a preparation. Done again after a crash, it puts the same files in the same places. */
export type Step = {
  /** A job remembers by it what is done. */
  name: string;
  /** For people, while it is being done. */
  says: string;
  /** Its part of the time, roughly. */
  weight: number;
  work(bench: Workbench, before: Before): Promise<Result>;
};

/** In this order. What can be watched comes first, what takes longest last. */
export function stepsFor(examined: Examination, filters: ReadonlySet<string>): Step[] {
  if (examined.kind === 'image') {
    return [{ name: 'image', says: 'Making sizes', weight: 1, work: makeImage }];
  }
  const { info } = examined;
  const plan = planFilm(examined, filters);
  const { video } = plan;
  const first: Step = {
    ...{ name: 'first-rung', says: video ? 'Making the first Rendition' : 'Making the sound' },
    ...{ weight: 3, work: (bench) => makeFirstRung(bench, plan) },
  };
  const captions: Step = {
    ...{ name: 'captions', says: 'Reading captions', weight: 0.1 },
    work: (bench) => makeCaptions(bench, info),
  };
  const words = info.subtitles.length + info.chapters.length > 0 ? [captions] : [];
  const tracks: Step[] = info.soundTracks.length > 1 ? [noteTracks(info.soundTracks.length)] : [];
  const others: Step = {
    ...{ name: 'renditions', says: 'Making Renditions', weight: 6 },
    work: (bench, before) => makeOthers(bench, plan, before),
  };
  if (!video) {
    const [cover] = info.covers;
    return [first, ...(cover ? [coverStep(cover.index)] : []), ...words, ...tracks, others];
  }
  const poster: Step = {
    ...{ name: 'poster', says: 'Taking a poster', weight: 0.3 },
    work: async (bench, { hasPicture, posterTime = 0 }) =>
      hasPicture ? makePoster(bench, video, posterTime) : {},
  };
  return [first, poster, ...words, ...tracks, others];
}

const coverStep = (streamIndex: number): Step => ({
  ...{ name: 'cover', says: 'Taking the cover', weight: 0.2 },
  work: (bench) => makeCover(bench, streamIndex),
});

const noteTracks = (count: number): Step => ({
  ...{ name: 'tracks', says: 'Looking at its tracks', weight: 0 },
  work: async () => ({ notes: [`Of its ${count} sound tracks the main one was taken.`] }),
});
