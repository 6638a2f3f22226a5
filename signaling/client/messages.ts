import * as z from 'zod';
import {
  isNotificationName,
  type Method,
  NOTIFICATIONS,
  type NotificationName,
  notificationEnvelopeSchema,
  REQUESTS,
  type RequestResult,
  type ResponseEnvelope,
  responseEnvelopeSchema,
} from '../contract/index.ts';

/** The table of requests once more, in a shape whose entries TypeScript can follow for any one method. */
const requests: { [M in Method]: { result: z.ZodType<RequestResult<M>> } } = REQUESTS;

const notificationSchema = z.discriminatedUnion('event', [
  notificationOf('welcome'),
  notificationOf('channelChanged'),
  notificationOf('layerChanged'),
  notificationOf('linkEstimate'),
  notificationOf('transportLost'),
  notificationOf('playheadMoved'),
  notificationOf('sessionEnded'),
  notificationOf('watchEnded'),
  notificationOf('partyMoved'),
  notificationOf('partyChanged'),
  notificationOf('partyEnded'),
  notificationOf('broadcastHealth'),
  notificationOf('wantedLayers'),
  notificationOf('broadcastEnded'),
  notificationOf('serverClosing'),
]);
export type Notification = z.output<typeof notificationSchema>;

function notificationOf<N extends NotificationName>(event: N) {
  return z.object({ event: z.literal(event), data: NOTIFICATIONS[event] });
}

export type ServerMessage =
  | { kind: 'response'; response: ResponseEnvelope }
  | { kind: 'notification'; notification: Notification }
  /** An event that this version does not know: a newer server's, passed over. */
  | { kind: 'unknown'; event: string };

/**
 * Parses one message of the server's.
 *
 * @throws when it is not JSON, or not of the contract's shape
 */
export function parseServerMessage(text: string): ServerMessage {
  const message: unknown = JSON.parse(text);
  const response = responseEnvelopeSchema.safeParse(message);
  if (response.success) return { kind: 'response', response: response.data };
  const { event } = notificationEnvelopeSchema.parse(message);
  if (!isNotificationName(event)) return { kind: 'unknown', event };
  return { kind: 'notification', notification: notificationSchema.parse(message) };
}

/** @throws when the answer is not what the contract says of this method */
export function parseResult<M extends Method>(method: M, data: unknown): RequestResult<M> {
  return requests[method].result.parse(data);
}
