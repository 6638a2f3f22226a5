import { rtpCapabilitiesSchema } from '../../signaling/contract/index.ts';

/** As mediasoup's Router has them: what we take, and its fixed numbers of header extensions. */
export const CAPABILITIES = rtpCapabilitiesSchema.parse({
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      rtcpFeedback: [{ type: 'nack' }, { type: 'transport-cc' }],
    },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      preferredPayloadType: 101,
      clockRate: 90_000,
      rtcpFeedback: [
        { type: 'nack' },
        { type: 'nack', parameter: 'pli' },
        { type: 'ccm', parameter: 'fir' },
        { type: 'transport-cc' },
      ],
    },
    {
      kind: 'video',
      mimeType: 'video/H264',
      preferredPayloadType: 103,
      clockRate: 90_000,
      parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
    {
      kind: 'video',
      mimeType: 'video/VP9',
      preferredPayloadType: 105,
      clockRate: 90_000,
      parameters: { 'profile-id': 0 },
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
  ],
  headerExtensions: (['audio', 'video'] as const).flatMap((kind) => [
    { kind, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', preferredId: 1 },
    {
      kind,
      uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      preferredId: 4,
    },
  ]),
});
