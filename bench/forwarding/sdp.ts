import type { WireConsumer, WireTransport } from '../../signaling/contract/index.ts';

/** Where the answer's media sections must stand, as the offer has them. */
export type Section = { mid: string; kind: 'audio' | 'video' };

/**
 * An SDP answer (RFC 8866, RFC 8829) that says what mediasoup's parameters say, for an endpoint that
 * speaks SDP only: one bundled transport, ICE lite, DTLS passive.
 */
export function answerSdp(
  transport: WireTransport,
  consumers: readonly WireConsumer[],
  sections: readonly Section[],
): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`,
    ...sections.flatMap((section) => {
      const consumer = consumers.find(({ kind }) => kind === section.kind);
      return consumer === undefined ? [] : mediaSection(section, transport, consumer);
    }),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function mediaSection(
  { mid, kind }: Section,
  { iceParameters, iceCandidates, dtlsParameters }: WireTransport,
  { rtpParameters }: WireConsumer,
): string[] {
  const { codecs, encodings = [], headerExtensions = [], rtcp } = rtpParameters;
  const cname = rtcp?.cname ?? 'sfumato';
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const ssrcs = encodings.flatMap(({ ssrc, rtx }) => [ssrc, rtx?.ssrc]);
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${codecs.map(({ payloadType }) => payloadType).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendonly',
    'a=rtcp-mux',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:sha-256 ${fingerprint?.value ?? ''}`,
    'a=setup:passive',
    ...codecs.flatMap(codecLines),
    ...headerExtensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...ssrcs.flatMap((ssrc) => (ssrc === undefined ? [] : [`a=ssrc:${ssrc} cname:${cname}`])),
    ...iceCandidates.filter(({ protocol }) => protocol === 'udp').map(candidateLine),
    'a=end-of-candidates',
  ];
}

type Codec = WireConsumer['rtpParameters']['codecs'][number];

function codecLines({
  mimeType,
  payloadType,
  clockRate,
  channels,
  parameters = {},
  ...rest
}: Codec) {
  const name = mimeType.split('/')[1] ?? mimeType;
  const rate = channels === undefined ? clockRate : `${clockRate}/${channels}`;
  const fmtp = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`);
  return [
    `a=rtpmap:${payloadType} ${name}/${rate}`,
    ...(fmtp.length > 0 ? [`a=fmtp:${payloadType} ${fmtp.join(';')}`] : []),
    ...(rest.rtcpFeedback ?? []).map(
      ({ type, parameter }) =>
        `a=rtcp-fb:${payloadType} ${type}${parameter ? ` ${parameter}` : ''}`,
    ),
  ];
}

type Candidate = WireTransport['iceCandidates'][number];

function candidateLine({ foundation, protocol, priority, address, port, type }: Candidate): string {
  return `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}`;
}

/** The certificate's fingerprint in an SDP, as mediasoup wants it. @throws {Error} where there is none. */
export function fingerprintOf(sdp: string): { algorithm: 'sha-256'; value: string } {
  const value = /^a=fingerprint:sha-256 ([0-9A-Fa-f:]+)/im.exec(sdp)?.[1];
  if (value === undefined) throw new Error('The SDP has no SHA-256 fingerprint.');
  return { algorithm: 'sha-256', value: value.toUpperCase() };
}
