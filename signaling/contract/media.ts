import { z } from 'zod';

/**
 * The shapes of ORTC that cross the wire, as mediasoup and mediasoup-client name them
 * (https://mediasoup.org/documentation/v3/mediasoup/rtp-parameters-and-capabilities/).
 * mediasoup checks their meaning; these schemas bound their form and size.
 */
const shortText = z.string().max(256);
const codecParameters = z.record(shortText, z.union([shortText, z.number(), z.boolean(), z.null()]));

export const mediaKindSchema = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof mediaKindSchema>;

const rtcpFeedbackSchema = z.object({ type: shortText, parameter: shortText.optional() });

const payloadTypeSchema = z.number().int().min(0).max(127);

const rtpCodecCapabilitySchema = z.object({
  kind: mediaKindSchema,
  mimeType: shortText,
  preferredPayloadType: payloadTypeSchema,
  clockRate: z.number().int().positive(),
  channels: z.number().int().min(1).max(255).optional(),
  parameters: codecParameters.optional(),
  rtcpFeedback: z.array(rtcpFeedbackSchema).max(16).optional(),
});

const headerExtensionDirectionSchema = z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']);

/** What an endpoint can receive. */
export const rtpCapabilitiesSchema = z.object({
  codecs: z.array(rtpCodecCapabilitySchema).max(128),
  headerExtensions: z
    .array(
      z.object({
        kind: mediaKindSchema,
        uri: shortText,
        preferredId: z.number().int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: headerExtensionDirectionSchema.optional(),
      }),
    )
    .max(64)
    .optional(),
});
export type WireRtpCapabilities = z.infer<typeof rtpCapabilitiesSchema>;

/** What one Consumer sends. */
export const rtpParametersSchema = z.object({
  mid: shortText.optional(),
  codecs: z.array(
    z.object({
      mimeType: shortText,
      payloadType: payloadTypeSchema,
      clockRate: z.number().int().positive(),
      channels: z.number().int().min(1).max(255).optional(),
      parameters: codecParameters.optional(),
      rtcpFeedback: z.array(rtcpFeedbackSchema).optional(),
    }),
  ),
  headerExtensions: z
    .array(
      z.object({
        uri: shortText,
        id: z.number().int(),
        encrypt: z.boolean().optional(),
        parameters: codecParameters.optional(),
      }),
    )
    .optional(),
  encodings: z
    .array(
      z.object({
        ssrc: z.number().int().optional(),
        rid: shortText.optional(),
        codecPayloadType: payloadTypeSchema.optional(),
        rtx: z.object({ ssrc: z.number().int() }).optional(),
        dtx: z.boolean().optional(),
        scalabilityMode: shortText.optional(),
        maxBitrate: z.number().int().optional(),
      }),
    )
    .optional(),
  rtcp: z.object({ cname: shortText.optional(), reducedSize: z.boolean().optional() }).optional(),
  msid: shortText.optional(),
});
export type WireRtpParameters = z.infer<typeof rtpParametersSchema>;

const fingerprintSchema = z.object({
  algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
  /** Hex pairs; mediasoup compares them in upper case (RFC 8122 section 5 says upper, browsers vary). */
  value: z
    .string()
    .max(256)
    .regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})+$/)
    .transform((value) => value.toUpperCase()),
});

export const dtlsParametersSchema = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z.array(fingerprintSchema).min(1).max(8),
});
export type WireDtlsParameters = z.infer<typeof dtlsParametersSchema>;

export const iceParametersSchema = z.object({
  usernameFragment: shortText,
  password: shortText,
  iceLite: z.boolean().optional(),
});
export type WireIceParameters = z.infer<typeof iceParametersSchema>;

export const iceCandidateSchema = z.object({
  foundation: shortText,
  priority: z.number().int(),
  address: shortText,
  ip: shortText,
  protocol: z.enum(['udp', 'tcp']),
  port: z.number().int().min(1).max(65535),
  type: z.enum(['host', 'srflx', 'prflx', 'relay']),
  tcpType: z.enum(['active', 'passive', 'so']).optional(),
});
export type WireIceCandidate = z.infer<typeof iceCandidateSchema>;

/** The server's end of a Viewer's connection. */
export const transportSchema = z.object({
  id: shortText,
  iceParameters: iceParametersSchema,
  iceCandidates: z.array(iceCandidateSchema),
  dtlsParameters: dtlsParametersSchema,
});
export type WireTransport = z.infer<typeof transportSchema>;

export const consumerSchema = z.object({
  id: shortText,
  producerId: shortText,
  kind: mediaKindSchema,
  rtpParameters: rtpParametersSchema,
});
export type WireConsumer = z.infer<typeof consumerSchema>;
