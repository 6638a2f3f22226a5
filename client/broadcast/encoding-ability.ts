import type { EncodingAbility } from './codec-choice.ts';
import { maxBitrate, type PictureSize } from './layer-plan.ts';

/** Constrained baseline 3.1, as the server takes it (RFC 6184 section 8.1). */
const H264 = 'video/H264;level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';

/**
 * Asks the browser how well it encodes H.264 for WebRTC
 * (https://www.w3.org/TR/media-capabilities/#encodinginfo); null where it does not say.
 */
export async function h264Ability(size: PictureSize): Promise<EncodingAbility | null> {
  if (navigator.mediaCapabilities?.encodingInfo === undefined) return null;
  const { width, height, framesPerSecond: framerate } = size;
  const bitrate = maxBitrate(width * height, framerate);
  try {
    return await navigator.mediaCapabilities.encodingInfo({
      type: 'webrtc',
      video: { contentType: H264, width, height, framerate, bitrate },
    });
  } catch (error) {
    // A browser that knows the method, but not the type `webrtc`.
    console.debug('sfumato: encodingInfo', error);
    return null;
  }
}
