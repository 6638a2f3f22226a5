import type { WireRtpCapabilities } from '../../signaling/contract/index.ts';
import { rtpCapabilitiesSchema } from '../../signaling/contract/index.ts';
import { codecWords, commonFeedback, matchCodecs, type OfferedCodec } from './codecs.ts';
import { type Offer, type OfferedMedia, readOffer } from './offer.ts';
import { SdpError } from './sdp-error.ts';

/** Which payload type the client has given each codec, by lower-case MIME type. */
export type PayloadTypes = Readonly<Record<string, number>>;

export interface ViewingOffer extends Offer {
  rtpCapabilities: WireRtpCapabilities;
  /** Packets must carry the offer's numbers (RFC 3264 section 6.1). */
  payloadTypes: PayloadTypes;
  /** What can be sent of each section, in the offer's order. */
  codecs: { mid: string; codecs: OfferedCodec[] }[];
}

/** What a WHEP client offers to receive, as the SFU wants it told. @throws SdpError */
export function readViewingOffer(sdp: string, capabilities: WireRtpCapabilities): ViewingOffer {
  const offer = readOffer(sdp, 'receive');
  const codecs = offer.media.map((media) => ({
    mid: media.mid,
    codecs: usableCodecs(media, capabilities),
  }));
  const all = codecs.flatMap((one) => one.codecs);
  const rtpCapabilities = rtpCapabilitiesSchema.safeParse({
    codecs: all.map(toCapability),
    headerExtensions: headerExtensions(offer.media, capabilities),
  });
  if (!rtpCapabilities.success) throw new SdpError('malformed', 'The codecs cannot be read.');
  const payloadTypes = Object.fromEntries(
    all.map(({ mimeType, payloadType }) => [mimeType.toLowerCase(), payloadType]),
  );
  return { ...offer, rtpCapabilities: rtpCapabilities.data, payloadTypes, codecs };
}

/**
 * One of a kind: the first. Without retransmission payload types, which the SFU cannot give the
 * client's numbers; lost packets are sent again as they were, on request (`nack`).
 */
function usableCodecs({ kind, section }: OfferedMedia, capabilities: WireRtpCapabilities) {
  const found = new Map<string, OfferedCodec>();
  for (const match of matchCodecs(kind, section, capabilities)) {
    const key = match.offered.mimeType.toLowerCase();
    if (found.has(key)) continue;
    found.set(key, { ...match.offered, rtcpFeedback: commonFeedback(match) });
  }
  if (found.size === 0) {
    throw new SdpError(
      'unacceptable',
      `The ${kind} is sent as ${codecWords(kind)}, which is not offered.`,
    );
  }
  return [...found.values()];
}

function toCapability(codec: OfferedCodec) {
  const { mimeType, payloadType, clockRate, channels, parameters, rtcpFeedback } = codec;
  return {
    kind: mimeType.startsWith('audio/') ? 'audio' : 'video',
    mimeType,
    preferredPayloadType: payloadType,
    clockRate,
    ...(channels === undefined ? {} : { channels }),
    parameters,
    rtcpFeedback,
  };
}

/** Only those to which the client has given the very number that the SFU writes into its packets. */
function headerExtensions(media: OfferedMedia[], capabilities: WireRtpCapabilities) {
  return media.flatMap(({ kind, section }) =>
    section.ext.flatMap(({ uri, value, direction }) => {
      // RFC 8285 section 6: those that the client writes and does not read.
      if (direction === 'sendonly' || direction === 'inactive') return [];
      const ours = capabilities.headerExtensions?.find(
        (one) => one.kind === kind && one.uri === uri && one.preferredId === value,
      );
      return ours === undefined ? [] : [ours];
    }),
  );
}
