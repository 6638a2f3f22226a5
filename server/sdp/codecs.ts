import type { MediaKind, WireRtpCapabilities } from '../../signaling/contract/index.ts';
import type { MediaSection } from './session.ts';

export type RouterCodec = WireRtpCapabilities['codecs'][number];

/** A codec as one media section offers it. */
export interface OfferedCodec {
  mimeType: string;
  payloadType: number;
  clockRate: number;
  channels: number | undefined;
  parameters: Record<string, string | number>;
  rtcpFeedback: { type: string; parameter: string }[];
  /** Of its retransmissions (RFC 4588). */
  rtxPayloadType: number | undefined;
}

/** A codec of the offer, and what we have that fits it. */
export interface CodecMatch {
  offered: OfferedCodec;
  router: RouterCodec;
}

/** In the offer's order of preference (RFC 3264 section 5.1). */
export function offeredCodecs(kind: MediaKind, section: MediaSection): OfferedCodec[] {
  const order = (section.payloads ?? '').split(' ').map(Number);
  const codecs = section.rtp.map((rtp) => toCodec(kind, section, rtp));
  const media = codecs.filter(({ mimeType }) => !/\/(rtx|red|ulpfec|flexfec.*)$/i.test(mimeType));
  return media.toSorted((a, b) => order.indexOf(a.payloadType) - order.indexOf(b.payloadType));
}

/** Those that our Router takes, in the offer's order. */
export function matchCodecs(
  kind: MediaKind,
  section: MediaSection,
  capabilities: WireRtpCapabilities,
): CodecMatch[] {
  return offeredCodecs(kind, section).flatMap((offered) => {
    const router = capabilities.codecs.find((codec) => fits(offered, codec));
    return router === undefined ? [] : [{ offered, router }];
  });
}

/** RFC 4585 section 4.2: what both ends can do. */
export function commonFeedback({ offered, router }: CodecMatch): OfferedCodec['rtcpFeedback'] {
  const ours = new Set(router.rtcpFeedback?.map(feedbackKey));
  return offered.rtcpFeedback.filter((feedback) => ours.has(feedbackKey(feedback)));
}

function feedbackKey({
  type,
  parameter,
}: {
  type: string;
  parameter?: string | undefined;
}): string {
  return `${type} ${parameter ?? ''}`;
}

function toCodec(
  kind: MediaKind,
  section: MediaSection,
  rtp: MediaSection['rtp'][number],
): OfferedCodec {
  const { payload } = rtp;
  return {
    mimeType: `${kind}/${rtp.codec}`,
    payloadType: payload,
    clockRate: rtp.rate ?? 0,
    channels: kind === 'audio' ? (rtp.encoding ?? 1) : undefined,
    parameters: parametersOf(section, payload),
    rtcpFeedback: section.rtcpFb
      .filter((feedback) => feedback.payload === String(payload) || feedback.payload === '*')
      .map(({ type, subtype }) => ({ type, parameter: subtype ?? '' })),
    rtxPayloadType: section.rtp.find(
      (other) =>
        other.codec.toLowerCase() === 'rtx' &&
        parametersOf(section, other.payload)['apt'] === payload,
    )?.payload,
  };
}

/** `a=fmtp`: numbers as numbers, except where hexadecimal digits only look like one. */
function parametersOf(section: MediaSection, payload: number): Record<string, string | number> {
  const config = section.fmtp.find((fmtp) => fmtp.payload === payload)?.config ?? '';
  const pairs = config.split(';').flatMap((part): [string, string | number][] => {
    const [name = '', ...rest] = part.trim().split('=');
    if (name === '' || rest.length === 0) return [];
    const value = rest.join('=').trim();
    const isNumber = /^\d{1,9}$/.test(value) && name.toLowerCase() !== 'profile-level-id';
    return [[name.toLowerCase(), isNumber ? Number(value) : value]];
  });
  return Object.fromEntries(pairs);
}

function fits(offered: OfferedCodec, router: RouterCodec): boolean {
  if (offered.mimeType.toLowerCase() !== router.mimeType.toLowerCase()) return false;
  if (offered.clockRate !== router.clockRate) return false;
  if (router.channels !== undefined && offered.channels !== router.channels) return false;
  if (isVp9(router)) return isVp9Profile0(offered);
  return router.mimeType !== 'video/H264' || isBaselineH264(offered);
}

export function isVp9({ mimeType }: Pick<RouterCodec, 'mimeType'>): boolean {
  return mimeType.toLowerCase() === 'video/vp9';
}

/** RFC 9628 section 6: 0 where nothing is said. */
function isVp9Profile0({ parameters }: OfferedCodec): boolean {
  return (parameters['profile-id'] ?? 0) === 0;
}

/** What we take, for people. */
export function codecWords(kind: MediaKind): string {
  return kind === 'audio' ? 'Opus' : 'VP8, H.264 constrained baseline or VP9 profile 0';
}

/** Non-interleaved packets of constrained baseline: what we tell every Viewer that they get. */
function isBaselineH264({ parameters }: OfferedCodec): boolean {
  const profile = String(parameters['profile-level-id'] ?? '42e01f');
  return parameters['packetization-mode'] === 1 && isConstrainedBaseline(profile);
}

/** RFC 6184 table 5: the three ways to write the constrained baseline profile. */
export function isConstrainedBaseline(profileLevelId: string): boolean {
  if (!/^[0-9a-f]{6}$/i.test(profileLevelId)) return false;
  const profile = Number.parseInt(profileLevelId.slice(0, 2), 16);
  const constraints = Number.parseInt(profileLevelId.slice(2, 4), 16);
  if (profile === 0x42) return (constraints & 0x4f) === 0x40;
  if (profile === 0x4d) return (constraints & 0x8f) === 0x80;
  return profile === 0x58 && (constraints & 0xcf) === 0xc0;
}
