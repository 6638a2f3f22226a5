import type { DeviceReport, Layer } from '../../../signaling/contract/index.ts';

type Ability = DeviceReport['decoding'][number];

/** Asked once a page: neither the device nor a Layer's demands change. */
const known = new Map<string, Ability | 'asked'>();

/**
 * What `MediaCapabilities.decodingInfo` says of each Layer (https://www.w3.org/TR/media-capabilities/), lowest
 * first; empty until all of it is known, and where the browser does not tell.
 *
 * @param contentType of the codec in use, with its parameters; null while nothing is received
 * @param onKnown called when asking again would give more
 */
export function decodingOf(
  layers: readonly Layer[],
  contentType: string | null,
  onKnown: () => void,
): Ability[] {
  if (contentType === null || !('mediaCapabilities' in navigator)) return [];
  const abilities = layers.map((layer) => abilityFor(layer, contentType, onKnown));
  return abilities.every((ability) => ability !== null) ? abilities : [];
}

function abilityFor(layer: Layer, contentType: string, onKnown: () => void): Ability | null {
  const video = {
    contentType,
    width: layer.width,
    height: layer.height,
    bitrate: layer.bitrate,
    framerate: layer.framesPerSecond,
  };
  const key = JSON.stringify(video);
  const ability = known.get(key);
  if (ability !== undefined) return ability === 'asked' ? null : ability;
  known.set(key, 'asked');
  void ask(key, video, onKnown);
  return null;
}

async function ask(key: string, video: VideoConfiguration, onKnown: () => void): Promise<void> {
  try {
    const asked = { type: 'webrtc', video } as const;
    const { supported, smooth, powerEfficient } =
      await navigator.mediaCapabilities.decodingInfo(asked);
    known.set(key, { supported, smooth, powerEfficient });
    onKnown();
  } catch (error) {
    // A browser that does not know the type `webrtc`: it stays asked, and nothing is said of it.
    console.debug('sfumato: decodingInfo', error);
  }
}

/** `video/H264;packetization-mode=1`, as `decodingInfo` wants it (its section 2.2.3). */
export function contentTypeOf(codec: {
  mimeType: string;
  parameters?: Readonly<Record<string, unknown>> | undefined;
}): string {
  const parameters = Object.entries(codec.parameters ?? {}).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [codec.mimeType, ...parameters].join(';');
}
