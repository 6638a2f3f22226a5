import { ortc, type types } from 'mediasoup';

/** H.264 constrained baseline 3.1, non-interleaved (RFC 6184): what every browser with H.264 decodes. */
export const H264_CONSTRAINED_BASELINE_31 = {
  'packetization-mode': 1,
  'profile-level-id': '42e01f',
  'level-asymmetry-allowed': 1,
} as const;

/** VP9 of 8 bits and 4:2:0 (RFC 9628 section 6): what every browser decodes. */
const VP9_PROFILE_0 = { 'profile-id': 0 } as const;

/**
 * What every Router offers, and so what a Channel may be published in. Payload types are the Router's. There is no
 * AV1: its Layers cannot be told apart by those who receive them (docs/adaptation.md).
 */
export const MEDIA_CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { ...H264_CONSTRAINED_BASELINE_31 },
  },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { ...VP9_PROFILE_0 } },
];

/** Payload types by MIME type in small letters, as a client has chosen them. */
export type PayloadTypes = Readonly<Record<string, number>>;

/** The number of VP9 is given up where there would be none left for the others: it is rarely what is sent. */
export function withPayloadTypes(
  codecs: readonly types.RouterRtpCodecCapability[],
  payloadTypes: PayloadTypes,
): types.RouterRtpCodecCapability[] {
  const all = inTurn(codecs, payloadTypes);
  if (canBeNumbered(all)) return all;
  const { 'video/vp9': _given, ...others } = payloadTypes;
  return inTurn(codecs, others);
}

/** mediasoup gives each codec's retransmissions a number of its own choice, and then finds the next one's taken. */
function canBeNumbered(codecs: readonly types.RouterRtpCodecCapability[]): boolean {
  try {
    ortc.generateRouterRtpCapabilities(structuredClone([...codecs]));
    return true;
  } catch (error) {
    if (Reflect.get(Object(error), 'name') === 'TypeError') return false;
    throw error;
  }
}

/**
 * mediasoup gives numbers in the order of this list, and those of retransmissions along with them, from 100 up: what
 * a client has chosen comes first, from 100 up too, or its number might be gone.
 */
function inTurn(
  codecs: readonly types.RouterRtpCodecCapability[],
  payloadTypes: PayloadTypes,
): types.RouterRtpCodecCapability[] {
  return codecs
    .map((codec) => {
      const preferredPayloadType = payloadTypes[codec.mimeType.toLowerCase()];
      return preferredPayloadType === undefined ? codec : { ...codec, preferredPayloadType };
    })
    .toSorted((a, b) => turnOf(a) - turnOf(b));
}

const FIRST_GIVEN = 100;
const LAST_TURN = 256;

function turnOf({ preferredPayloadType: chosen }: types.RouterRtpCodecCapability): number {
  if (chosen === undefined) return LAST_TURN;
  return chosen < FIRST_GIVEN ? chosen + 128 : chosen;
}
