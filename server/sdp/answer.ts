import { write } from 'sdp-transform';
import type { WireRtpParameters, WireTransport } from '../../signaling/contract/index.ts';
import type { OfferedMedia } from './offer.ts';

/** What one section of the answer says about its media. */
export interface AnsweredMedia {
  media: OfferedMedia;
  rtpParameters: WireRtpParameters;
  direction: 'sendonly' | 'recvonly';
  /** Of the simulcast streams that we receive, as the offer lists them. */
  rids?: string[];
}

/** `a=msid`: one MediaStream for sound and picture. */
const STREAM_ID = 'sfumato';

/** The answer to an offer: the same sections in the same order (RFC 3264 section 6). */
export function writeAnswer(transport: WireTransport, answered: AnsweredMedia[]): string {
  const mids = answered.map(({ media }) => media.mid);
  return write({
    version: 0,
    origin: {
      username: '-',
      sessionId: Date.now(),
      sessionVersion: 1,
      netType: 'IN',
      ipVer: 4,
      address: '127.0.0.1',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    groups: [{ type: 'BUNDLE', mids: mids.join(' ') }],
    msidSemantic: { semantic: 'WMS', token: '*' },
    media: answered.map((one) => section(transport, one)),
  });
}

type Section = Parameters<typeof write>[0]['media'][number];

function section(transport: WireTransport, answered: AnsweredMedia): Section {
  const { media, rtpParameters, direction } = answered;
  const { codecs } = rtpParameters;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types demand attributes that it writes only where they are
  return {
    type: media.kind,
    // 9 is `discard`: where the media goes is told by ICE (RFC 8840 section 4.1.1).
    port: 9,
    protocol: media.section.protocol,
    payloads: codecs.map(({ payloadType }) => payloadType).join(' '),
    connection: { version: 4, ip: '0.0.0.0' },
    mid: media.mid,
    direction,
    rtcpMux: 'rtcp-mux',
    rtcpRsize: 'rtcp-rsize',
    // RFC 8858, which sdp-transform does not know by name.
    invalid: [{ value: 'rtcp-mux-only' }],
    ...connectionOf(transport),
    rtp: codecs.map(({ payloadType, mimeType, clockRate, channels }) => ({
      payload: payloadType,
      codec: mimeType.split('/')[1] ?? '',
      rate: clockRate,
      ...(channels !== undefined && channels > 1 ? { encoding: channels } : {}),
    })),
    fmtp: codecs.flatMap(({ payloadType, mimeType, parameters }) =>
      formatOf(payloadType, { ...parameters, ...startBitrateOf(answered, mimeType) }),
    ),
    rtcpFb: codecs.flatMap(({ payloadType, rtcpFeedback = [] }) =>
      rtcpFeedback.map(({ type, parameter }) => ({
        payload: payloadType,
        type,
        ...(parameter ? { subtype: parameter } : {}),
      })),
    ),
    ext: extensionsOf(media, rtpParameters),
    ...(direction === 'sendonly' ? sourcesOf(media, rtpParameters) : ridsOf(answered.rids ?? [])),
  } as Section;
}

function connectionOf({ iceParameters, iceCandidates, dtlsParameters }: WireTransport) {
  const fingerprint =
    dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ??
    dtlsParameters.fingerprints[0];
  return {
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    fingerprint: { type: fingerprint?.algorithm ?? '', hash: fingerprint?.value ?? '' },
    setup: dtlsParameters.role === 'client' ? 'active' : 'passive',
    candidates: iceCandidates.map((candidate) => ({
      foundation: candidate.foundation,
      component: 1,
      transport: candidate.protocol,
      priority: candidate.priority,
      ip: candidate.address,
      port: candidate.port,
      type: candidate.type,
      ...(candidate.tcpType === undefined ? {} : { tcptype: candidate.tcpType }),
    })),
    endOfCandidates: 'end-of-candidates',
  };
}

/** An extension that only libwebrtc offers: Chromium, Safari, and what is made of it. */
const VIDEO_TIMING = 'http://www.webrtc.org/experiments/rtp-hdrext/video-timing';
/** kbit/s */
const START_BITRATE = 1_000;

/**
 * libwebrtc starts at 300 kbit/s, finds out by probes what more there is room for, and with mediasoup its first
 * probes come to nothing: it would take half a minute to a good picture. Our own page starts at this rate too.
 */
function startBitrateOf({ media, direction }: AnsweredMedia, mimeType: string) {
  const isPicture = media.kind === 'video' && !mimeType.toLowerCase().endsWith('/rtx');
  const isLibwebrtc = media.section.ext.some(({ uri }) => uri === VIDEO_TIMING);
  const wanted = direction === 'recvonly' && isPicture && isLibwebrtc;
  return wanted ? { 'x-google-start-bitrate': START_BITRATE } : {};
}

function formatOf(payload: number, parameters: Record<string, unknown> | undefined) {
  const config = Object.entries(parameters ?? {})
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(';');
  return config === '' ? [] : [{ payload, config }];
}

const MIRRORED: Record<string, string> = { sendonly: 'recvonly', recvonly: 'sendonly' };

/**
 * RFC 8285 section 6: an extension that is offered for one way is answered for the same way, and one that
 * this section did not offer is not answered. Firefox offers some for the picture only, and refuses others.
 */
function extensionsOf({ section: { ext } }: OfferedMedia, rtpParameters: WireRtpParameters) {
  return (rtpParameters.headerExtensions ?? []).flatMap(({ uri, id }) => {
    const offered = ext.find((one) => one.uri === uri);
    if (offered === undefined) return [];
    const direction = MIRRORED[offered.direction ?? ''];
    return [{ uri, value: id, ...(direction === undefined ? {} : { direction }) }];
  });
}

function sourcesOf({ kind }: OfferedMedia, { encodings = [], rtcp }: WireRtpParameters) {
  const [encoding] = encodings;
  const msid = { msid: [{ id: STREAM_ID, appdata: kind }] };
  if (encoding?.ssrc === undefined) return msid;
  const cname = rtcp?.cname ?? STREAM_ID;
  return { ...msid, ssrcs: [{ id: encoding.ssrc, attribute: 'cname', value: cname }] };
}

/** RFC 8853 section 5.3: what the other end sends is what we receive. */
function ridsOf(rids: string[]) {
  if (rids.length === 0) return {};
  return {
    rids: rids.map((id) => ({ id, direction: 'recv' })),
    simulcast: { dir1: 'recv', list1: rids.join(';') },
  };
}
