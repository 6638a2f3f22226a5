import type { Way, WayReason } from './way-choice.ts';

/** By which way it comes. */
export type WayTold = {
  via: Way;
  /** Why not over WebRTC; null where it does. */
  reason: WayReason | null;
  /** What WebRTC goes over; null while that is not known, and otherwise. */
  protocol: 'udp' | 'tcp' | null;
};

/** Why it does not come over WebRTC, for people. */
export const WAY_SENTENCES: Readonly<Record<WayReason, string>> = {
  noConnection: 'WebRTC did not get through on this network',
  noSignaling: 'the server’s WebSocket could not be reached',
  noPicture: 'no picture came over WebRTC',
  refused: 'the server does not give this over WebRTC',
  noRoom: 'the server has no room for more over WebRTC at present',
  notSupported: 'the WebRTC of this browser is not known',
  brokeOff: 'WebRTC broke off',
  noWebRtc: 'this browser has no WebRTC',
  noH264: 'this browser takes no H.264 over WebRTC',
  soundOnly: 'sound without a picture comes over HTTP',
  speed: 'a speed other than 1 keeps its pitch over HLS',
  dataSaver: 'data is to be saved',
  batterySaver: 'the battery is low',
  remembered: 'WebRTC did not get through on this network lately',
};

const NAMES: Readonly<Record<Way, string>> = {
  webrtc: 'WebRTC',
  hls: 'HLS',
  nativeHls: 'the browser’s own HLS',
};

/** Such as `WebRTC over UDP`, or `HLS: this browser has no WebRTC`. */
export function wayWords({ via, reason, protocol }: WayTold): string {
  if (reason !== null) return `${NAMES[via]}: ${WAY_SENTENCES[reason]}`;
  return protocol === null ? NAMES[via] : `${NAMES[via]} over ${protocol.toUpperCase()}`;
}
