import { describe, expect, test } from '@jest/globals';
import type { WireConsumer, WireTransport } from '../../signaling/contract/index.ts';
import { answerSdp, fingerprintOf } from './sdp.ts';

const TRANSPORT: WireTransport = {
  id: 't',
  iceParameters: { usernameFragment: 'ufrag', password: 'pwd', iceLite: true },
  iceCandidates: [
    {
      ...{ foundation: 'f', priority: 1, address: '127.0.0.1', ip: '127.0.0.1', port: 40000 },
      ...{ protocol: 'udp', type: 'host' },
    },
    {
      ...{ foundation: 't', priority: 2, address: '127.0.0.1', ip: '127.0.0.1', port: 40000 },
      ...{ protocol: 'tcp', type: 'host', tcpType: 'passive' },
    },
  ],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }], role: 'server' },
};

const CONSUMER: WireConsumer = {
  id: 'c',
  producerId: 'p',
  kind: 'video',
  rtpParameters: {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType: 103,
        clockRate: 90_000,
        parameters: { 'packetization-mode': 1 },
        rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 }],
    encodings: [{ ssrc: 7, rtx: { ssrc: 8 } }],
    rtcp: { cname: 'name' },
  },
};

describe('an SDP answer from mediasoup parameters', () => {
  const sections = [{ mid: 'video', kind: 'video' as const }];
  const lines = answerSdp(TRANSPORT, [CONSUMER], sections).split('\r\n');

  test('has the transport, UDP candidates only, as the passive end', () => {
    expect(lines).toContain('a=ice-ufrag:ufrag');
    expect(lines).toContain('a=fingerprint:sha-256 AA:BB');
    expect(lines).toContain('a=setup:passive');
    expect(lines.filter((line) => line.startsWith('a=candidate'))).toEqual([
      'a=candidate:f 1 udp 1 127.0.0.1 40000 typ host',
    ]);
  });

  test('has the codec, its feedback, extensions and SSRCs', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'm=video 9 UDP/TLS/RTP/SAVPF 103',
        'a=rtpmap:103 H264/90000',
        'a=fmtp:103 packetization-mode=1',
        'a=rtcp-fb:103 nack',
        'a=rtcp-fb:103 nack pli',
        'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
        'a=ssrc:7 cname:name',
        'a=ssrc:8 cname:name',
      ]),
    );
  });

  test('leaves out a section that nothing is sent in', () => {
    const both = [...sections, { mid: 'audio', kind: 'audio' as const }];
    expect(answerSdp(TRANSPORT, [CONSUMER], both)).not.toContain('m=audio');
  });
});

test('a fingerprint is read in upper case', () => {
  const sdp = 'v=0\r\na=fingerprint:sha-256 aa:bb\r\n';
  expect(fingerprintOf(sdp)).toEqual({ algorithm: 'sha-256', value: 'AA:BB' });
  expect(() => fingerprintOf('v=0')).toThrow('no SHA-256');
});
