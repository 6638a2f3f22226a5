import * as z from 'zod';

/** A Channel's name in URLs: small letters, digits and dashes; 1 to 64 characters. */
export const channelIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'small letters, digits and dashes, 64 at most');

/** The server's clock less another one, milliseconds. Clocks are wrong by years, now and then. */
export const clockOffsetSchema = z.number().min(-1e13).max(1e13);

/** A moment of an RTP clock, and the sender's time of it: what was sent with it was captured then. */
export const captureReferenceSchema = z.object({
  rtpTimestamp: z.number().int().min(0).max(0xffffffff),
  /** Milliseconds since the Unix epoch, by the sender's clock. */
  captureMs: z.number(),
});
export type CaptureReference = z.infer<typeof captureReferenceSchema>;

export const PUBLISHER_KINDS = [
  'webcam',
  'whip',
  'rtmp',
  'srt',
  'rtsp',
  'rtp',
  'playout',
  'relay',
] as const;

/** One quality of the picture, lowest first: the index in the list is mediasoup's spatial layer. */
export const layerSchema = z.object({
  /** Pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  framesPerSecond: z.number().positive(),
  /** Bits a second. */
  bitrate: z.number().int().positive(),
});
export type Layer = z.infer<typeof layerSchema>;

export const channelSchema = z.object({
  id: channelIdSchema,
  title: z.string(),
  /** Is there something to watch right now? */
  live: z.boolean(),
  viewers: z.number().int().min(0),
  publisher: z
    .object({
      kind: z.enum(PUBLISHER_KINDS),
      /** ISO 8601. */
      since: z.string(),
      /** What its capture times (abs-capture-time, or those below) lack to be the server's. */
      clockOffsetMs: clockOffsetSchema.optional(),
      /** Of each stream of its picture, where pictures do not say themselves when they were captured. */
      captureReferences: z.array(captureReferenceSchema).max(16).optional(),
    })
    .optional(),
  /**
   * Names the present broadcast; another one after the source came back. A Viewer whose Consumers
   * belong to another broadcast asks for new ones.
   */
  broadcastId: z.string().optional(),
  /** The source was lost and may come back within the grace time: `live` is still true. */
  reconnecting: z.boolean().optional(),
  hasVideo: z.boolean(),
  hasAudio: z.boolean(),
  layers: z.array(layerSchema),
});
export type ChannelInfo = z.infer<typeof channelSchema>;

export const channelListSchema = z.object({ channels: z.array(channelSchema) });
