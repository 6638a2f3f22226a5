/** How something stored can come, best first. WebRTC finds UDP or TCP by itself. */
export const WAYS = ['webrtc', 'hls', 'nativeHls'] as const;
export type Way = (typeof WAYS)[number];

/** How WebRTC can fail; the first three are the network's fault, and remembered of it. */
export const WAY_FAILURES = [
  'noConnection',
  'noSignaling',
  'noPicture',
  'refused',
  'noRoom',
  'notSupported',
  'brokeOff',
] as const;
export type WayFailure = (typeof WAY_FAILURES)[number];

/** Why it does not come over WebRTC. */
export const WAY_REASONS = [
  ...WAY_FAILURES,
  'noWebRtc',
  'noH264',
  'soundOnly',
  'speed',
  'dataSaver',
  'batterySaver',
  'remembered',
] as const;
export type WayReason = (typeof WAY_REASONS)[number];

export type WayFacts = {
  /** What the browser has. */
  able: { webRtc: boolean; h264: boolean; mediaSource: boolean; nativeHls: boolean };
  kind: 'video' | 'audio';
  /** The person hears sound at a speed other than 1: over HLS the browser keeps its pitch. */
  keepsPitch: boolean;
  savesData: boolean;
  savesBattery: boolean;
  /** How WebRTC failed in this playback, on this network; null also after it was found to get through again. */
  met: WayFailure | null;
  /** Did it fail on this network in the last day? */
  remembered: boolean;
};

/** The ways to try, one after the other, and why WebRTC is not the first of them; null where it is. */
export type WayPlan = { ways: Way[]; reason: WayReason | null };

/** Reasons that there is no way around: WebRTC is not even the last resort. */
const FINAL: ReadonlySet<WayReason> = new Set([
  'noWebRtc',
  'noH264',
  'soundOnly',
  'notSupported',
  'refused',
]);

/** Reasons that may be over in a while: it is worth looking whether WebRTC gets through by now. */
const PASSING: ReadonlySet<WayReason> = new Set([
  'noConnection',
  'noSignaling',
  'noPicture',
  'noRoom',
  'brokeOff',
  'remembered',
]);

/** @returns no ways at all where the browser has none */
export function waysToTry(facts: WayFacts): WayPlan {
  const reason = whyNotWebRtc(facts);
  const { mediaSource, nativeHls } = facts.able;
  const overHttp: Way[] = [
    ...(mediaSource ? (['hls'] as const) : []),
    ...(nativeHls ? (['nativeHls'] as const) : []),
  ];
  if (reason === null) return { ways: ['webrtc', ...overHttp], reason };
  return { ways: FINAL.has(reason) ? overHttp : [...overHttp, 'webrtc'], reason };
}

/** Can what keeps WebRTC away be over by itself? */
export function mayPass(reason: WayReason | null): boolean {
  return reason !== null && PASSING.has(reason);
}

function whyNotWebRtc(facts: WayFacts): WayReason | null {
  const { able, kind, met } = facts;
  if (kind === 'audio') return 'soundOnly';
  if (!able.webRtc) return 'noWebRtc';
  if (!able.h264) return 'noH264';
  if (facts.keepsPitch) return 'speed';
  if (facts.savesData) return 'dataSaver';
  if (facts.savesBattery) return 'batterySaver';
  return met ?? (facts.remembered ? 'remembered' : null);
}
