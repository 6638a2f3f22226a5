import * as z from 'zod';
import { layerSchema } from './channel.ts';

/** Where a person can be in an Asset: seconds from its first picture. */
export const positionSchema = z.number().min(0).max(1e6);

/** How many seconds of the Asset pass in a second. */
export const playbackRateSchema = z.number().min(0.25).max(4);

/**
 * Where a Session is on the one timeline of its Asset, and how the RTP timestamps of its picture say so. The RTP clock
 * itself never jumps: a picture of timestamp `t` is `position + rate * (t - rtpTimestamp) / 90000` seconds into the
 * Asset.
 */
export const playheadSchema = z.object({
  /** Counts what was asked of the Session; a later one makes those before it void. */
  change: z.number().int().min(0),
  /**
   * Of the wanted picture, as the Viewer gets it. Those from it on are to be shown; what comes before it since the
   * change are the pictures that its decoding needs.
   */
  rtpTimestamp: z.number().int().min(0).max(0xffffffff),
  /** The wanted picture's own time: at or just before the time that was asked for. */
  position: positionSchema,
  /** 0 while nothing is sent after the wanted picture. */
  rate: z.number().min(0).max(4),
  /** The Rendition that is sent, counted from 0, the lowest. */
  rendition: z.number().int().min(0).max(15),
  /** There is nothing after this picture. */
  ended: z.boolean(),
});
export type Playhead = z.infer<typeof playheadSchema>;

/**
 * So much later than their sound the pictures of a Session are sent, milliseconds, where sound is sent and there is no
 * party. The sound waits about as long in a receiver's buffer. Pictures that had to wait for it there would keep waiting
 * what a seek asks for, behind them.
 */
export const PICTURE_DELAY_MS = 50;

/** What a person wants of a Session. What is left out stays as it is. */
export const steeringSchema = z.object({
  /** Go there, exactly; without it, go on from where the Session is. */
  at: positionSchema.optional(),
  /** So many pictures on from there, or back. */
  frames: z.number().int().min(-1_000).max(1_000).optional(),
  paused: z.boolean().optional(),
  rate: playbackRateSchema.optional(),
  /** More of these follow at once: how fast the picture comes matters more than how sharp it is. */
  scrub: z.boolean().optional(),
});
export type Steering = z.infer<typeof steeringSchema>;

/** What is played in a Session. */
export const sessionAssetSchema = z.object({
  /** Seconds, from the first picture to the end of the last. */
  duration: positionSchema,
  framesPerSecond: z.number().positive(),
  hasAudio: z.boolean(),
  /** The Renditions, lowest first. */
  renditions: z.array(layerSchema),
});
export type SessionAsset = z.infer<typeof sessionAssetSchema>;

/**
 * Why the server ended a Session: `idle`: it was paused for longer than the grace time; `gone`: the Asset was deleted,
 * or may not be watched any more; `failed`: its files cannot be read. After `idle` it can be opened again.
 */
export const SESSION_ENDS = ['idle', 'gone', 'failed'] as const;
export const sessionEndSchema = z.enum(SESSION_ENDS);
export type SessionEnd = z.infer<typeof sessionEndSchema>;
