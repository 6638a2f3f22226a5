import type { types } from 'mediasoup';

/** H.264 constrained baseline 3.1, non-interleaved (RFC 6184): what every browser with H.264 decodes. */
export const H264_CONSTRAINED_BASELINE_31 = {
  'packetization-mode': 1,
  'profile-level-id': '42e01f',
  'level-asymmetry-allowed': 1,
} as const;

/** What every Router offers, and so what a Channel may be published in. Payload types are the Router's. */
export const MEDIA_CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { ...H264_CONSTRAINED_BASELINE_31 },
  },
];

/** Payload types by MIME type in small letters, as a client has chosen them. */
export type PayloadTypes = Readonly<Record<string, number>>;

export function withPayloadTypes(
  codecs: readonly types.RouterRtpCodecCapability[],
  payloadTypes: PayloadTypes,
): types.RouterRtpCodecCapability[] {
  return codecs.map((codec) => {
    const preferredPayloadType = payloadTypes[codec.mimeType.toLowerCase()];
    return preferredPayloadType === undefined ? codec : { ...codec, preferredPayloadType };
  });
}
