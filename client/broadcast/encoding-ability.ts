import type { EncodingAbility } from './codec-choice.ts';
import { maxBitrate, type PictureSize } from './layer-plan.ts';
import { planSvc, svcBitrate, svcMode } from './svc-plan.ts';

/** Constrained baseline 3.1, as the server takes it (RFC 6184 section 8.1). */
const H264 = 'video/H264;level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';

/** RFC 9628 section 6. */
const VP9 = 'video/VP9;profile-id=0';

/** How well the browser encodes H.264 for WebRTC; null where it does not say. */
export function h264Ability(size: PictureSize): Promise<EncodingAbility | null> {
  const { width, height, framesPerSecond } = size;
  return ask(size, { contentType: H264, bitrate: maxBitrate(width * height, framesPerSecond) });
}

/** How well it encodes VP9 with all Layers in one stream; null where it does not say. */
export function vp9Ability(size: PictureSize): Promise<EncodingAbility | null> {
  const plan = planSvc(size);
  const scalabilityMode = svcMode(plan.length);
  return ask(size, { contentType: VP9, bitrate: svcBitrate(plan), scalabilityMode });
}

/** https://www.w3.org/TR/media-capabilities/#encodinginfo */
async function ask(
  { width, height, framesPerSecond: framerate }: PictureSize,
  codec: Pick<VideoConfiguration, 'contentType' | 'bitrate' | 'scalabilityMode'>,
): Promise<EncodingAbility | null> {
  if (navigator.mediaCapabilities?.encodingInfo === undefined) return null;
  try {
    return await navigator.mediaCapabilities.encodingInfo({
      type: 'webrtc',
      video: { width, height, framerate, ...codec },
    });
  } catch (error) {
    // A browser that knows the method, but not the type `webrtc`.
    console.debug('sfumato: encodingInfo', error);
    return null;
  }
}
