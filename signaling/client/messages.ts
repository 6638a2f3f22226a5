import type { z } from 'zod';
import {
  isNotificationName,
  type Method,
  NOTIFICATIONS,
  type NotificationData,
  type NotificationName,
  notificationEnvelopeSchema,
  REQUESTS,
  type RequestResult,
  type ResponseEnvelope,
  responseEnvelopeSchema,
} from '../contract/index.ts';

/** Both tables once more, in a shape whose entries TypeScript can follow for a method yet unknown. */
const results: { [M in Method]: { result: z.ZodType<RequestResult<M>> } } = REQUESTS;
const notifications: { [N in NotificationName]: z.ZodType<NotificationData<N>> } = NOTIFICATIONS;

export type Notification = {
  [N in NotificationName]: { event: N; data: NotificationData<N> };
}[NotificationName];

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
  const { event, data } = notificationEnvelopeSchema.parse(message);
  if (!isNotificationName(event)) return { kind: 'unknown', event };
  return { kind: 'notification', notification: parseNotification(event, data) };
}

function parseNotification<N extends NotificationName>(event: N, data: unknown): Notification {
  // The schema of `event` made the data, so the pair is one of the union; TypeScript cannot pair them.
  return { event, data: notifications[event].parse(data) } as Notification;
}

export function parseResult<M extends Method>(method: M, data: unknown): RequestResult<M> {
  return results[method].result.parse(data);
}
