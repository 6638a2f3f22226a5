import { randomInt, randomUUID } from 'node:crypto';
import type { Layer, SessionAsset } from '../../signaling/contract/index.ts';
import type { SessionPump, SessionPumpOptions } from '../rtp/session-pump.ts';
import { PLAYOUT_DELAY_ID, RTP_PAYLOAD_TYPES, type RtpSource } from '../sfu/rtp-publishing.ts';
import { INITIAL_BITRATE } from '../sfu/viewer-transport.ts';
import type { OpenAsset } from './stored-assets.ts';

/** Bit rates are not steady. */
const START_HEADROOM = 1.2;

/**
 * The estimator takes so many times what the top Rendition takes for worth finding out: a seek may send a second's worth
 * of pictures at once, and a film can be played at twice its speed.
 */
const WORTH_KNOWING = 3;

/** What a Viewer is told of it. */
export function describeAsset(
  asset: OpenAsset,
  { duration, framesPerSecond }: { duration: number; framesPerSecond: number },
): SessionAsset {
  const hasAudio = asset.file.audio !== undefined;
  return { duration, framesPerSecond, hasAudio, renditions: layersOf(asset, framesPerSecond) };
}

export function layersOf({ file }: OpenAsset, framesPerSecond: number): Layer[] {
  return file.rungs.map(({ width, height, bitrate }) => {
    return { width, height, bitrate, framesPerSecond };
  });
}

/** What is sent in one Session. */
export interface SessionTracks {
  ssrcs: { video: number; audio: number | undefined };
  cname: string;
  /** Of the Renditions, lowest first, bits a second. */
  bitrates: readonly number[];
  soundBitrate: number;
}

export function tracksOf({ file: { rungs, audio } }: OpenAsset): SessionTracks {
  return {
    ssrcs: { video: newSsrc(), audio: audio && newSsrc() },
    cname: randomUUID(),
    bitrates: rungs.map(({ bitrate }) => bitrate),
    soundBitrate: audio?.bitrate ?? 0,
  };
}

/** For the Pump. */
export function pumpOptionsOf(
  { file: { rungs, audio } }: OpenAsset,
  { ssrcs, cname }: SessionTracks,
): SessionPumpOptions {
  return {
    ...{ video: rungs, audio, ssrcs, cname },
    videoPayloadType: RTP_PAYLOAD_TYPES.video,
    audioPayloadType: RTP_PAYLOAD_TYPES.audio,
    playoutDelayId: PLAYOUT_DELAY_ID,
  };
}

/** For the SFU. */
export function rtpSourceOf(
  { localAddress, localPort }: SessionPump,
  { ssrcs, cname, bitrates }: SessionTracks,
): RtpSource {
  return {
    address: { ip: localAddress, port: localPort },
    video: { ssrcs: [ssrcs.video], bitrates: [(bitrates.at(-1) ?? 0) * WORTH_KNOWING] },
    audio: ssrcs.audio === undefined ? undefined : { ssrc: ssrcs.audio },
    forOneViewer: true,
    cname,
  };
}

/** What to begin with where nothing is known of the link: room for the lowest Rendition, at least. Bits a second. */
export function leastStart({ bitrates: [lowest = 0], soundBitrate }: SessionTracks): number {
  return Math.max(INITIAL_BITRATE, Math.round((lowest + soundBitrate) * START_HEADROOM));
}

/** RFC 3550 section 8: chosen at random, so that two sources hardly ever meet. */
function newSsrc(): number {
  return randomInt(1, 2 ** 32);
}
