import { parseScalabilityMode, type types } from 'mediasoup';

/** How the Layers of one picture come. */
export interface Layering {
  /** How many there are; one at least. */
  layers: number;
  /** Are all of them in one RTP stream (SVC), and not each in its own (simulcast)? */
  oneStream: boolean;
  /** Is a Layer sent without those below it? So it is in simulcast, and in K-SVC but for key frames. */
  independent: boolean;
}

/** As mediasoup takes it: several encodings are simulcast, whatever their mode; one may be SVC. */
export function layeringOf({ encodings = [] }: Pick<types.RtpParameters, 'encodings'>): Layering {
  const [first, second] = encodings;
  if (second !== undefined) {
    return { layers: encodings.length, oneStream: false, independent: true };
  }
  const { spatialLayers, ksvc } = parseScalabilityMode(first?.scalabilityMode);
  const oneStream = spatialLayers > 1;
  return { layers: spatialLayers, oneStream, independent: ksvc || !oneStream };
}

/**
 * What each Layer of an SVC stream takes by itself, bits a second, lowest first. mediasoup counts one with all
 * those below it, for each temporal layer: `1.2` is the second Layer at its full frame rate; 0 where it has none.
 */
export function ownBitrates(bitrateByLayer: Readonly<Record<string, number>>, layers: number) {
  const own: number[] = [];
  let below = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    const counted = Object.entries(bitrateByLayer).filter(([key]) => key.startsWith(`${layer}.`));
    const upTo = Math.max(0, ...counted.map(([, bitrate]) => bitrate));
    own.push(Math.max(0, upTo - below));
    below = Math.max(below, upTo);
  }
  return own;
}

/** What a Viewer of each Layer is sent, bits a second. @param own as `ownBitrates` has it */
export function sentBitrates(own: readonly number[], { independent }: Layering): number[] {
  if (independent) return [...own];
  let sum = 0;
  return own.map((bitrate) => {
    sum += bitrate;
    return bitrate > 0 ? sum : 0;
  });
}
