import * as z from 'zod';
import { wireErrorSchema } from './errors.ts';

/**
 * The protocol's name and version, offered and chosen as the WebSocket's subprotocol (RFC 6455
 * section 1.9), so that two ends that do not fit part before the first message.
 */
export const SUBPROTOCOL = 'sfumato.v1';

/** Bytes. The longest honest request, a `join` with a browser's capabilities, is about 10 KB. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/** How often the server pings, and so how long a dead socket can stay unnoticed at most twice. */
export const HEARTBEAT_INTERVAL_MS = 10_000;

/** Close codes of ours (RFC 6455 section 7.4.2: 4000 to 4999 are private). */
export const CLOSE_CODES = {
  serverClosing: 1001,
  tooLarge: 1009,
  tooManyRequests: 4001,
  tooSlow: 4002,
  heartbeatLost: 4003,
} as const;

/** `{id, method, data}`: the method's own schema parses `data`. */
export const requestEnvelopeSchema = z.object({
  id: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  method: z.string().max(64),
  data: z.unknown().optional(),
});

/** `{id, ok, data|error}`. `id` is null where the request's own could not be read. */
export const responseEnvelopeSchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), data: z.unknown() }),
  z.object({ id: z.number().int().nullable(), ok: z.literal(false), error: wireErrorSchema }),
]);
export type ResponseEnvelope = z.infer<typeof responseEnvelopeSchema>;

/** `{event, data}`. */
export const notificationEnvelopeSchema = z.object({ event: z.string(), data: z.unknown() });
