import * as z from 'zod';

/**
 * The shapes of ORTC that cross the wire, as mediasoup and mediasoup-client name them
 * (https://mediasoup.org/documentation/v3/mediasoup/rtp-parameters-and-capabilities/).
 * mediasoup checks their meaning; these schemas bound their form and size.
 */
const shortText = z.string().max(256);
const codecParameters = z.record(shortText, z.unknown());

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

/** The RTP header extensions (RFC 8285) that both mediasoup and mediasoup-client know. */
const HEADER_EXTENSION_URIS = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
] as const;
const headerExtensionUriSchema = z.enum(HEADER_EXTENSION_URIS);

function isKnownExtension(entry: unknown): boolean {
  return z.object({ uri: headerExtensionUriSchema }).safeParse(entry).success;
}

/** A list of extensions without those that the other end knows and we do not: they go unused. */
function knownExtensions<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (list) => (Array.isArray(list) ? list.slice(0, 64).filter(isKnownExtension) : list),
    z.array(schema),
  );
}

const headerExtensionDirectionSchema = z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']);

/** What an endpoint can receive. */
export const rtpCapabilitiesSchema = z.object({
  codecs: z.array(rtpCodecCapabilitySchema).max(128),
  headerExtensions: knownExtensions(
    z.object({
      kind: mediaKindSchema,
      uri: headerExtensionUriSchema,
      preferredId: z.number().int().min(1).max(255),
      preferredEncrypt: z.boolean().optional(),
      direction: headerExtensionDirectionSchema.optional(),
    }),
  ).optional(),
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
  headerExtensions: knownExtensions(
    z.object({
      uri: headerExtensionUriSchema,
      id: z.number().int(),
      encrypt: z.boolean().optional(),
      parameters: codecParameters.optional(),
    }),
  ).optional(),
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

/** A STUN or TURN server, as RTCPeerConnection takes it (https://www.w3.org/TR/webrtc/#rtciceserver-dictionary). */
export const iceServerSchema = z.object({
  urls: shortText,
  username: shortText.exactOptional(),
  credential: shortText.exactOptional(),
});
export type WireIceServer = z.infer<typeof iceServerSchema>;

/** The server's end of a Viewer's connection. */
export const transportSchema = z.object({
  id: shortText,
  iceParameters: iceParametersSchema,
  iceCandidates: z.array(iceCandidateSchema),
  dtlsParameters: dtlsParametersSchema,
  /** For those whom their network lets reach the server by a relay only; the credentials are for this connection. */
  iceServers: z.array(iceServerSchema).max(32).exactOptional(),
});
export type WireTransport = z.infer<typeof transportSchema>;

export const consumerSchema = z.object({
  id: shortText,
  producerId: shortText,
  kind: mediaKindSchema,
  rtpParameters: rtpParametersSchema,
});
export type WireConsumer = z.infer<typeof consumerSchema>;
