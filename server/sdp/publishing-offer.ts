import type {
  MediaKind,
  WireRtpCapabilities,
  WireRtpParameters,
} from '../../signaling/contract/index.ts';
import { rtpParametersSchema } from '../../signaling/contract/index.ts';
import { type CodecMatch, codecWords, commonFeedback, isVp9, matchCodecs } from './codecs.ts';
import { type Offer, type OfferedMedia, readOffer } from './offer.ts';
import { SdpError } from './sdp-error.ts';
import type { MediaSection } from './session.ts';
import { listedRids, lowestFirst } from './simulcast.ts';

/** A track that the client will send. */
export interface PublishedTrack {
  kind: MediaKind;
  mid: string;
  rtpParameters: WireRtpParameters;
  /** For the answer: the streams in the order of the offer. */
  rids: string[];
}

export interface PublishingOffer extends Offer {
  tracks: PublishedTrack[];
}

/** What a WHIP client offers to send, as the SFU wants it told. @throws SdpError */
export function readPublishingOffer(
  sdp: string,
  capabilities: WireRtpCapabilities,
): PublishingOffer {
  const offer = readOffer(sdp, 'send');
  return { ...offer, tracks: offer.media.map((media) => toTrack(media, capabilities)) };
}

function toTrack(media: OfferedMedia, capabilities: WireRtpCapabilities): PublishedTrack {
  const { kind, mid, section } = media;
  const rids = listedRids(section);
  const match = chooseCodec(matchCodecs(kind, section, capabilities), rids);
  if (match === undefined) throw noCodec(kind);
  const parameters = rtpParametersSchema.safeParse({
    mid,
    codecs: codecsOf(match),
    headerExtensions: headerExtensionsOf(media, capabilities),
    encodings: encodingsOf(section, lowestFirst(section, rids)),
    rtcp: { ...cnameOf(section), reducedSize: true },
  });
  if (!parameters.success) throw new SdpError('malformed', `The ${kind} cannot be read.`);
  return { kind, mid, rtpParameters: parameters.data, rids };
}

/**
 * The one that the client likes best, and VP9 only where there is no other: an offer does not say how many Layers a
 * VP9 stream has, so it counts as one, and mediasoup has no simulcast of it.
 */
function chooseCodec(matches: CodecMatch[], rids: string[]): CodecMatch | undefined {
  const other = matches.find(({ router }) => !isVp9(router));
  return other ?? (rids.length > 1 ? undefined : matches[0]);
}

function noCodec(kind: MediaKind): SdpError {
  return new SdpError('unacceptable', `The ${kind} must be ${codecWords(kind)}.`);
}

function codecsOf(match: CodecMatch) {
  const { mimeType, payloadType, clockRate, channels, parameters, rtxPayloadType } = match.offered;
  const codec = {
    mimeType,
    payloadType,
    clockRate,
    ...(channels === undefined ? {} : { channels }),
    parameters,
    rtcpFeedback: commonFeedback(match),
  };
  if (rtxPayloadType === undefined) return [codec];
  const rtx = {
    mimeType: 'video/rtx',
    payloadType: rtxPayloadType,
    clockRate,
    parameters: { apt: payloadType },
    rtcpFeedback: [],
  };
  return [codec, rtx];
}

function headerExtensionsOf({ kind, section }: OfferedMedia, capabilities: WireRtpCapabilities) {
  const ours = new Set<string>(
    capabilities.headerExtensions?.filter((one) => one.kind === kind).map(({ uri }) => uri),
  );
  return section.ext
    .filter(({ uri, direction }) => ours.has(uri) && isSent(direction))
    .map(({ uri, value }) => ({ uri, id: value, encrypt: false, parameters: {} }));
}

/** RFC 8285 section 6: as Firefox says of those that it reads and does not write. */
function isSent(direction: string | null | undefined): boolean {
  return direction !== 'recvonly' && direction !== 'inactive';
}

/** RFC 8853 by rid; else by SSRC (RFC 5576), with its retransmissions; else by nothing but the mid. */
function encodingsOf(section: MediaSection, rids: string[]) {
  if (rids.length > 0) return rids.map((rid) => ({ rid }));
  const groups = section.ssrcGroups.map(({ semantics, ssrcs }) => ({
    semantics,
    ssrcs: ssrcs.split(' ').map(Number),
  }));
  const layers = groups.find(({ semantics }) => semantics === 'SIM')?.ssrcs;
  const [first] = section.ssrcs;
  const ssrcs = layers ?? (first === undefined ? [] : [first.id]);
  if (ssrcs.length === 0) return [{}];
  return ssrcs.map((ssrc) => {
    const pair = groups.find(
      (group) => group.semantics === 'FID' && group.ssrcs[0] === ssrc && group.ssrcs.length === 2,
    );
    const rtx = pair?.ssrcs[1];
    return rtx === undefined ? { ssrc } : { ssrc, rtx: { ssrc: rtx } };
  });
}

function cnameOf({ ssrcs }: MediaSection): { cname?: string } {
  const cname = ssrcs.find(({ attribute }) => attribute === 'cname')?.value;
  return typeof cname === 'string' ? { cname } : {};
}
