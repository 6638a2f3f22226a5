import type { LayerReason, PreferredLayer } from '../../../signaling/contract/index.ts';

/** Reasons for sending sound without the picture that there is. */
const RESTS = ['audioOnly', 'hidden', 'soundFirst'] as const satisfies readonly LayerReason[];
export type Rest = (typeof RESTS)[number];

type Sent = { spatialLayer: number | null; reason: LayerReason | null };

/** Why no picture is sent though there is one; null while one is sent, or should be. */
export function restOf({ spatialLayer, reason }: Sent, preferred: PreferredLayer): Rest | null {
  // Asked for, and so expected: the server's word may come after the tracks.
  if (preferred === 'audioOnly') return 'audioOnly';
  if (spatialLayer !== null) return null;
  return RESTS.find((rest) => rest === reason && rest !== 'audioOnly') ?? null;
}

/** Should packets be coming? */
export function packetsAreDue(facts: {
  hasVideo: boolean;
  hasAudio: boolean;
  audible: boolean;
  rest: Rest | null;
}): boolean {
  const { hasVideo, hasAudio, audible, rest } = facts;
  const picture = hasVideo && rest === null;
  // Nobody sees it and nobody hears it: then nothing is sent.
  const sound = hasAudio && (rest !== 'hidden' || audible);
  return picture || sound;
}
