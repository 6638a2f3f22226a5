import * as z from 'zod';
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
import { libraryIdSchema } from './asset.ts';
import { streamKeySchema, trackSourceSchema } from './broadcasting.ts';
import {
  hostKeySchema,
  partyIdSchema,
  partyOrderSchema,
  partySchema,
  partyTimelineSchema,
} from './party.ts';
import { playbackTokenSchema } from './rules.ts';
import { playheadSchema, positionSchema, sessionAssetSchema, steeringSchema } from './session.ts';
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
      /** The right to watch it, where it is not for everybody. */
      token: playbackTokenSchema.optional(),
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
    data: z.object({ channelId: channelIdSchema, token: playbackTokenSchema.optional() }),
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
  /** New ICE credentials after the client's network changed (RFC 8445 section 9), and new ones of the relays. */
  restartIce: {
    data: nothing,
    result: z.object({
      iceParameters: iceParametersSchema,
      iceServers: transportSchema.shape.iceServers,
    }),
  },
  /**
   * Play something stored: the whole way in, in one exchange, as `join` is for a Channel. Nothing is sent before
   * `resume`; then `playheadMoved` says where it begins. A second one on the same socket replaces the first, and what
   * was joined.
   */
  openSession: {
    data: z.object({
      assetId: libraryIdSchema,
      /** Of the party whose timeline it is to follow: `at` and `paused` are the party's then, and steering it is, too. */
      partyId: partyIdSchema.optional(),
      /** As in `join`. */
      token: playbackTokenSchema.optional(),
      rtpCapabilities: rtpCapabilitiesSchema,
      dtlsParameters: dtlsParametersSchema,
      at: positionSchema.default(0),
      /** Show the picture there, and wait. */
      paused: z.boolean().default(false),
      preferredLayer: preferredLayerSchema.default('auto'),
      /** As in `join`. */
      startBitrate: z.number().int().min(100_000).max(20_000_000).optional(),
      device: deviceReportSchema.optional(),
    }),
    result: z.object({
      asset: sessionAssetSchema,
      transport: transportSchema,
      consumers: z.array(consumerSchema),
    }),
  },
  /** Play, pause, seek, step, change the speed. Of several at once the newest wins; all are answered with its playhead. */
  steerSession: { data: steeringSchema, result: z.object({ playhead: playheadSchema }) },
  /** Come to a party, which tells from then on where it is (`partyMoved`) and who is there (`partyChanged`). */
  joinParty: {
    data: z.object({
      partyId: partyIdSchema,
      hostKey: hostKeySchema.optional(),
      token: playbackTokenSchema.optional(),
    }),
    result: z.object({ party: partySchema, maySteer: z.boolean(), isHost: z.boolean() }),
  },
  leaveParty: { data: nothing, result: nothing },
  /** Play, pause, seek for all. The newest wins. */
  steerParty: { data: partyOrderSchema, result: z.object({ timeline: partyTimelineSchema }) },
  /** Another token for what is being watched, before the last one expires. */
  renewGrant: { data: z.object({ token: playbackTokenSchema }), result: nothing },
  /** Stop watching; the socket stays. */
  leave: { data: nothing, result: nothing },
  /**
   * Go live on a Channel: proves the right to, and answers with the server's end of a transport to send
   * over. Whoever was on air on the Channel is replaced: the newest wins.
   */
  goLive: {
    data: z.object({
      channelId: channelIdSchema,
      /** Not where whoever is logged in may go live. */
      streamKey: streamKeySchema.optional(),
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
