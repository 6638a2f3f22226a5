import type { types } from 'mediasoup';
import { H264_CONSTRAINED_BASELINE_31 } from './media-codecs.ts';

/** Header extension that carries when a frame was captured, so that a Viewer can tell its latency. */
export const ABS_CAPTURE_TIME_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

/** How long a Viewer is to hold a picture back: a Session says, not at all. Chromium shows it as it is decoded then. */
export const PLAYOUT_DELAY_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';

/** The fixed parts of what we send ourselves; dynamic payload types of RFC 3551 section 6. */
export const RTP_PAYLOAD_TYPES = { video: 96, audio: 97 } as const;
export const ABS_CAPTURE_TIME_ID = 1;
export const PLAYOUT_DELAY_ID = 9;

/** A source of plain RTP, all of it from one UDP socket (mediasoup takes one source address only). */
export interface RtpSource {
  address: { ip: string; port: number };
  cname: string;
  /** H.264 simulcast: one SSRC a Layer, lowest first. */
  video?: { ssrcs: readonly number[]; bitrates: readonly number[] } | undefined;
  /** Opus, 48 kHz, stereo. */
  audio?: { ssrc: number } | undefined;
  /**
   * One Viewer's own: it sends from a key frame on again when it is asked to (RFC 4585 section 6.3.1, PLI), and its
   * pictures carry no time of capture but that they are not to wait.
   */
  forOneViewer?: boolean | undefined;
}

/**
 * No `nack` or `ccm fir` is declared: loopback loses nothing that could be sent again. Nor is `nack pli`, but for a
 * source of one Viewer's own: files on a clock that all Viewers share have no key frame on request.
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
        rtcpFeedback: source.forOneViewer ? [{ type: 'nack', parameter: 'pli' }] : [],
      },
    ],
    headerExtensions: [
      source.forOneViewer
        ? { uri: PLAYOUT_DELAY_URI, id: PLAYOUT_DELAY_ID }
        : { uri: ABS_CAPTURE_TIME_URI, id: ABS_CAPTURE_TIME_ID },
    ],
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
