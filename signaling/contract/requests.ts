import { z } from 'zod';
import { channelIdSchema, channelSchema, clockOffsetSchema } from './channel.ts';
import {
  consumerSchema,
  dtlsParametersSchema,
  iceParametersSchema,
  rtpCapabilitiesSchema,
  transportSchema,
  mediaKindSchema,
  rtpParametersSchema,
} from './media.ts';
import { streamKeySchema, trackSourceSchema } from './broadcasting.ts';
import { deviceReportSchema, preferredLayerSchema, qualityReportSchema } from './viewing.ts';

const nothing = z.object({});

/** Every request that a player can make: what it says (`data`) and what it is answered (`result`). */
export const REQUESTS = {
  /**
   * The whole way in, in one exchange: the client's certificate and capabilities are sent with it, and
   * the answer has the transport and paused Consumers (none while the Channel is off air). A second
   * `join` on the same socket replaces the first.
   */
  join: {
    data: z.object({
      channelId: channelIdSchema,
      rtpCapabilities: rtpCapabilitiesSchema,
      dtlsParameters: dtlsParametersSchema,
      preferredLayer: preferredLayerSchema.default('auto'),
      /** What the link carried last time, bits a second: where the estimate begins. */
      startBitrate: z.number().int().min(100_000).max(20_000_000).optional(),
      /** What the player can make use of, if it is known already. */
      device: deviceReportSchema.optional(),
    }),
    result: z.object({
      channel: channelSchema,
      transport: transportSchema,
      consumers: z.array(consumerSchema),
    }),
  },
  /** The client is ready for the packets of the Consumers that it was given last. */
  resume: { data: nothing, result: nothing },
  /** Watch another Channel, or the same one's new broadcast, over the same transport. */
  zap: {
    data: z.object({ channelId: channelIdSchema }),
    result: z.object({ channel: channelSchema, consumers: z.array(consumerSchema) }),
  },
  setPreferredLayer: { data: z.object({ layer: preferredLayerSchema }), result: nothing },
  /** What the player can make use of has changed. */
  reportDevice: { data: deviceReportSchema, result: nothing },
  /** Pictures come later and later: the link has become narrower than what is sent. */
  reportCongestion: {
    /** Milliseconds more than the shortest way took. */
    data: z.object({ lateMs: z.number().min(0).max(60_000) }),
    result: nothing,
  },
  /** How it went so far. */
  reportQuality: { data: qualityReportSchema, result: nothing },
  /** New ICE credentials after the client's network changed (RFC 8445 section 9). */
  restartIce: { data: nothing, result: z.object({ iceParameters: iceParametersSchema }) },
  /** Stop watching; the socket stays. */
  leave: { data: nothing, result: nothing },
  /**
   * Go live on a Channel: proves the right to, and answers with the server's end of a transport to send
   * over. Whoever was on air on the Channel is replaced: the newest wins.
   */
  goLive: {
    data: z.object({
      channelId: channelIdSchema,
      streamKey: streamKeySchema,
      dtlsParameters: dtlsParametersSchema,
      /** How far the server's clock is ahead of the sender's, milliseconds, where the sender knows. */
      clockOffsetMs: clockOffsetSchema.optional(),
    }),
    result: z.object({ channel: channelSchema, transport: transportSchema }),
  },
  /** Send a track over the transport of `goLive`. The Channel is on air with its first track. */
  produce: {
    data: z.object({
      kind: mediaKindSchema,
      source: trackSourceSchema,
      rtpParameters: rtpParametersSchema,
    }),
    result: z.object({ producerId: z.string() }),
  },
  /** Stop sending a track for good. */
  closeProducer: { data: z.object({ producerId: z.string().max(256) }), result: nothing },
  /** End the broadcast: the Channel is off air at once, without the grace time. */
  endBroadcast: { data: nothing, result: nothing },
  /** The server's clock, for latency: milliseconds since the Unix epoch, with a fraction. */
  readClock: { data: nothing, result: z.object({ serverTimeMs: z.number() }) },
} as const;

export type Method = keyof typeof REQUESTS;
/** What the caller hands over, before defaults. */
export type RequestInput<M extends Method> = z.input<(typeof REQUESTS)[M]['data']>;
/** What the handler gets, parsed. */
export type RequestData<M extends Method> = z.output<(typeof REQUESTS)[M]['data']>;
export type RequestResult<M extends Method> = z.output<(typeof REQUESTS)[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(REQUESTS, name);
}
