import { parse } from 'sdp-transform';
import { z } from 'zod';
import { SdpError } from './sdp-error.ts';

/** Characters. The longest real offers, of a browser with every codec, have about 12,000. */
const MAX_SDP_LENGTH = 64 * 1024;

const text = z.union([z.string(), z.number()]).transform(String);
const payloadType = z.number().int().min(0).max(127);
const fingerprint = z.object({ type: z.string(), hash: z.string() });
const setup = z.enum(['actpass', 'active', 'passive', 'holdconn']);

/** What both the session and a media section can say about the connection (BUNDLE: one for all). */
const connection = {
  iceUfrag: text.optional(),
  icePwd: text.optional(),
  fingerprint: fingerprint.optional(),
  setup: setup.optional(),
};

const mediaSchema = z.object({
  ...connection,
  type: z.string(),
  port: z.number().int(),
  protocol: z.string(),
  payloads: text.optional(),
  mid: text.optional(),
  direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).default('sendrecv'),
  msid: z.array(z.object({ id: text })).default([]),
  rtcpMux: z.string().optional(),
  rtp: z
    .array(
      z.object({
        payload: payloadType,
        codec: z.string(),
        rate: z.number().int().positive().optional(),
        encoding: z.coerce.number().int().optional().catch(undefined),
      }),
    )
    .default([]),
  fmtp: z.array(z.object({ payload: payloadType, config: z.string() })).default([]),
  rtcpFb: z
    .array(z.object({ payload: text, type: z.string(), subtype: z.string().nullish() }))
    .default([]),
  ext: z
    .array(z.object({ value: z.number().int(), uri: z.string(), direction: z.string().nullish() }))
    .default([]),
  ssrcs: z
    .array(
      z.object({
        id: z.number().int(),
        attribute: z.string().optional(),
        value: z.string().nullish(),
      }),
    )
    .default([]),
  ssrcGroups: z.array(z.object({ semantics: z.string(), ssrcs: z.string() })).default([]),
  rids: z
    .array(z.object({ id: text, direction: z.string(), params: z.string().nullish() }))
    .default([]),
  simulcast: z
    .object({
      dir1: z.string(),
      list1: text,
      dir2: z.string().nullish(),
      list2: text.nullish(),
    })
    .optional(),
});

const sessionSchema = z.object({
  ...connection,
  version: z.number(),
  groups: z.array(z.object({ type: z.string(), mids: text })).default([]),
  icelite: z.string().optional(),
  media: z.array(mediaSchema).min(1).max(32),
});

export type MediaSection = z.output<typeof mediaSchema>;
export type Session = z.output<typeof sessionSchema>;

/** @throws SdpError `malformed` */
export function parseSession(sdp: string): Session {
  if (sdp.length > MAX_SDP_LENGTH) throw new SdpError('malformed', 'The SDP is too long.');
  const result = sessionSchema.safeParse(parseText(sdp));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new SdpError(
    'malformed',
    `The SDP cannot be read: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** sdp-transform takes anything; what it makes of it is checked by the schema. */
function parseText(sdp: string): unknown {
  try {
    return parse(sdp);
  } catch (cause) {
    throw new SdpError('malformed', 'The SDP cannot be read.', { cause });
  }
}
