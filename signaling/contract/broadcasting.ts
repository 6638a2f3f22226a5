import * as z from 'zod';

/** A stream key: at least 128 random bits, as the server made it. */
export const streamKeySchema = z.string().min(22).max(256);

export const TRACK_SOURCES = ['camera', 'screen', 'microphone', 'screenAudio'] as const;
export const trackSourceSchema = z.enum(TRACK_SOURCES);
export type TrackSource = z.infer<typeof trackSourceSchema>;

/** What can be wrong with what arrives, from a closed list; `findingText` of the pages says it in words. */
export const FINDINGS = [
  'bFrames',
  'keyFramesTooFar',
  'profileMismatch',
  'singleLayer',
  'silence',
  'black',
  'frozenLayer',
  'wrongClock',
  'packetLoss',
  'noVideo',
  'noAudio',
] as const;
export const findingSchema = z.object({
  code: z.enum(FINDINGS),
  /** A plain sentence: what is the matter and what to do about it. */
  message: z.string(),
  severity: z.enum(['hint', 'problem']),
});
export type Finding = z.infer<typeof findingSchema>;

/** What the server receives of a Broadcast, told to the broadcaster about once a second. */
export const broadcastHealthSchema = z.object({
  viewers: z.number().int().min(0),
  layers: z.array(
    z.object({
      spatialLayer: z.number().int().min(0),
      /** Bits a second that arrive. */
      bitrate: z.number().min(0),
      /** Viewers that get this Layer right now. */
      viewers: z.number().int().min(0),
      /** mediasoup's score, 0 to 10. */
      score: z.number().min(0).max(10),
    }),
  ),
  audioBitrate: z.number().min(0).optional(),
  packetLossFraction: z.number().min(0).max(1),
  roundTripMs: z.number().min(0).optional(),
  findings: z.array(findingSchema),
});
export type BroadcastHealth = z.infer<typeof broadcastHealthSchema>;
