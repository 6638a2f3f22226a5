import * as z from 'zod';
import { broadcastHealthSchema } from './broadcasting.ts';
import { channelSchema } from './channel.ts';
import { rtpCapabilitiesSchema } from './media.ts';
import { partyEndSchema, partySteeringSchema, partyTimelineSchema } from './party.ts';
import { watchRefusalSchema } from './rules.ts';
import { playheadSchema, sessionEndSchema } from './session.ts';
import { layerReasonSchema } from './viewing.ts';

/** Everything that the server says unasked. */
export const NOTIFICATIONS = {
  /** The first message on every socket: what a client must know before it can `join`. */
  welcome: z.object({
    serverVersion: z.string(),
    /** Another one after a restart: whatever the client held before is gone. */
    serverId: z.string(),
    routerRtpCapabilities: rtpCapabilitiesSchema,
  }),
  /** Something changed on the Channel that is being watched. */
  channelChanged: z.object({ channel: channelSchema }),
  /** The picture is now sent in this Layer; `null` while none can be sent. */
  layerChanged: z.object({
    spatialLayer: z.number().int().min(0).nullable(),
    reason: layerReasonSchema,
  }),
  /** The estimate of what the Viewer's link carries, bits a second: about once a second while it changes. */
  linkEstimate: z.object({ availableBitrate: z.number().min(0) }),
  /** The server's end of the transport is gone (a worker died): join again. */
  transportLost: z.object({ message: z.string() }),
  /** Of a Session: it begins, it has come to its end, or somebody else steers it, too. */
  playheadMoved: z.object({ playhead: playheadSchema }),
  /** The server has ended the Session and its transport. */
  sessionEnded: z.object({ reason: sessionEndSchema, message: z.string() }),
  /** What was watched, a Channel or a Session, may not be watched any more: its transport is gone. */
  watchEnded: z.object({
    refusal: watchRefusalSchema,
    message: z.string(),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
  /** A party is somewhere else, or goes on from here. */
  partyMoved: z.object({ timeline: partyTimelineSchema }),
  /** Who is at the party, and who may steer it. */
  partyChanged: z.object({
    watchers: z.number().int().min(0),
    steering: partySteeringSchema,
    /** May whoever is told? */
    maySteer: z.boolean(),
  }),
  /** The party is over for whoever is told. What they watch goes on. */
  partyEnded: z.object({ reason: partyEndSchema, message: z.string() }),
  /** To a broadcaster, about once a second: what arrives, and what is the matter with it. */
  broadcastHealth: broadcastHealthSchema,
  /** To a broadcaster: the highest Layer that anybody watches; those above need not be encoded. */
  wantedLayers: z.object({ maxSpatialLayer: z.number().int().min(-1) }),
  /** To a broadcaster: it is over, and not because it was asked to be. */
  broadcastEnded: z.object({
    reason: z.enum(['replaced', 'keyRotated', 'channelDeleted', 'rightLost']),
  }),
  /** The server is being stopped: come back after this time, milliseconds. */
  serverClosing: z.object({ reconnectAfterMs: z.number().min(0) }),
} as const;

export type NotificationName = keyof typeof NOTIFICATIONS;
export type NotificationData<N extends NotificationName> = z.output<(typeof NOTIFICATIONS)[N]>;

export function isNotificationName(name: string): name is NotificationName {
  return Object.hasOwn(NOTIFICATIONS, name);
}
