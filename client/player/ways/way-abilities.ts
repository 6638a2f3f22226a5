import { networkOfBrowser, readNetwork } from '../device/network.ts';
import type { WayFacts } from './way-choice.ts';

/** What this browser has of what the ways need. */
export function abilitiesOf(video: HTMLVideoElement): WayFacts['able'] {
  const webRtc = 'RTCPeerConnection' in globalThis && 'RTCRtpReceiver' in globalThis;
  return {
    webRtc,
    h264: webRtc && receivesH264(),
    mediaSource: 'MediaSource' in globalThis || 'ManagedMediaSource' in globalThis,
    nativeHls: video.canPlayType('application/vnd.apple.mpegurl') !== '',
  };
}

/** A browser that does not tell is taken at its best. */
function receivesH264(): boolean {
  if (!('getCapabilities' in RTCRtpReceiver)) return true;
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs;
  return codecs?.some(({ mimeType }) => mimeType.toLowerCase() === 'video/h264') ?? true;
}

/** Did the person ask for data to be saved (https://wicg.github.io/savedata/, and media queries level 5)? */
export function savesData(): boolean {
  return (
    readNetwork(networkOfBrowser()).saveData || matchMedia('(prefers-reduced-data: reduce)').matches
  );
}
