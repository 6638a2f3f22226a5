import { z } from 'zod';
import { assetFileSchema } from '../../../signaling/contract/index.ts';
import { loudnessSchema } from './loudness.ts';

/** Part of a film's or a sound's encoding, as `library/manifest.ts` knows it, with its media type. */
export const madeRungSchema = z.object({
  file: z.string(),
  type: z.string(),
  bytes: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Bits a second, measured. */
  bitrate: z.number().int().positive(),
  keyFrameInterval: z.number().int().positive(),
});
export type MadeRung = z.infer<typeof madeRungSchema>;

export const madeSoundSchema = z.object({
  file: z.string(),
  type: z.string(),
  bytes: z.number().int().positive(),
  bitrate: z.number().int().positive(),
  /** Seconds. */
  duration: z.number().positive(),
});
export type MadeSound = z.infer<typeof madeSoundSchema>;

export const previewSchema = z.object({
  /** WebVTT whose cues name tiles: `preview-0.jpg#xywh=160,0,160,90`. */
  file: z.string(),
  sheets: z.array(z.string()),
  /** Of one tile, pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Seconds between tiles. */
  interval: z.number().positive(),
  count: z.number().int().positive(),
});
export type Preview = z.infer<typeof previewSchema>;

const rational = z.object({ num: z.number().int().positive(), den: z.number().int().positive() });

/** Everything that was made of an original, so far or in all. */
export const madeSchema = z.object({
  version: z.literal(1),
  kind: z.enum(['video', 'audio', 'image']),
  /** Something can be played or looked at. */
  watchable: z.boolean(),
  /** Seconds; of animations too. */
  duration: z.number().positive().optional(),
  /** As it is shown, pixels: of the largest that was made. */
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  /** What the file itself says, where it does. */
  title: z.string().optional(),
  /** All files, with the part that each plays. */
  files: z.array(assetFileSchema),
  framesPerSecond: rational.optional(),
  /** Low to high; key frames of all are on the same frames. */
  rungs: z.array(madeRungSchema).default([]),
  /** Opus: what the Pump sends. */
  audio: madeSoundSchema.optional(),
  /** The same as AAC, for HLS and old players. */
  aac: madeSoundSchema.optional(),
  preview: previewSchema.optional(),
  loudness: loudnessSchema.optional(),
  /** What a person may want to know of the preparation. */
  notes: z.array(z.string()).default([]),
});
export type Made = z.output<typeof madeSchema>;

/** Two steps' results in one; lists go together, what is told later counts. */
export function mergeMade(made: Made, more: Partial<Made>): Made {
  const files = [...made.files, ...(more.files ?? [])];
  const rungs = [...made.rungs, ...(more.rungs ?? [])];
  const notes = [...new Set([...made.notes, ...(more.notes ?? [])])];
  const told = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
  return {
    ...made,
    ...told,
    files,
    rungs,
    notes,
    watchable: made.watchable || more.watchable === true,
  };
}
