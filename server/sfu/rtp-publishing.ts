import type { types } from 'mediasoup';
import { H264_CONSTRAINED_BASELINE_31 } from './media-codecs.ts';

/** Header extension that carries when a frame was captured, so that a Viewer can tell its latency. */
export const ABS_CAPTURE_TIME_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

/** The fixed parts of what we send ourselves; dynamic payload types of RFC 3551 section 6. */
export const RTP_PAYLOAD_TYPES = { video: 96, audio: 97 } as const;
export const ABS_CAPTURE_TIME_ID = 1;

/** A source of plain RTP, all of it from one UDP socket (mediasoup takes one source address only). */
export interface RtpSource {
  address: { ip: string; port: number };
  cname: string;
  /** H.264 simulcast: one SSRC a Layer, lowest first. */
  video?: { ssrcs: readonly number[]; bitrates: readonly number[] } | undefined;
  /** Opus, 48 kHz, stereo. */
  audio?: { ssrc: number } | undefined;
}

/**
 * No `nack`, `nack pli` or `ccm fir` is declared: the source is files on a clock that all Viewers share
 * and cannot make a key frame on request, and loopback loses nothing that could be sent again.
 */
export function videoRtpParameters(source: RtpSource): types.RtpParameters | undefined {
  if (source.video === undefined) return undefined;
  const { ssrcs, bitrates } = source.video;
  return {
    codecs: [
      {
        mimeType: 'video/H264',
        payloadType: RTP_PAYLOAD_TYPES.video,
        clockRate: 90_000,
        parameters: { ...H264_CONSTRAINED_BASELINE_31 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [{ uri: ABS_CAPTURE_TIME_URI, id: ABS_CAPTURE_TIME_ID }],
    encodings: ssrcs.map((ssrc, layer) => {
      const maxBitrate = bitrates[layer];
      return maxBitrate === undefined ? { ssrc } : { ssrc, maxBitrate };
    }),
    rtcp: { cname: source.cname, reducedSize: true },
  };
}

export function audioRtpParameters(source: RtpSource): types.RtpParameters | undefined {
  if (source.audio === undefined) return undefined;
  return {
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: RTP_PAYLOAD_TYPES.audio,
        clockRate: 48_000,
        channels: 2,
        // Without `sprop-stereo` Chromium plays one channel (RFC 7587 section 6.1).
        parameters: { 'sprop-stereo': 1, useinbandfec: 1 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [],
    encodings: [{ ssrc: source.audio.ssrc }],
    rtcp: { cname: source.cname, reducedSize: true },
  };
}
