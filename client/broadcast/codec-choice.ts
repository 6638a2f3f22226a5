export const CODECS = ['H264', 'VP8', 'VP9'] as const;
export type CodecName = (typeof CODECS)[number];

/** What the person wants; `auto` leaves it to the page. */
export type CodecWish = 'auto' | 'VP9';

/** What the browser says of encoding a codec for WebRTC; null where it says nothing. */
export type EncodingAbility = { supported: boolean; smooth: boolean; powerEfficient: boolean };

export type CodecFacts = {
  /** Codecs that both the browser can send and the server takes. */
  sendable: ReadonlySet<CodecName>;
  h264: EncodingAbility | null;
  /** With all Layers in one stream; null also where the browser cannot do that. */
  vp9: EncodingAbility | null;
  wish: CodecWish;
  /** Is it a screen that is to be sent, and no camera? */
  isScreen: boolean;
};

export type CodecChoice = { codec: CodecName /** For people. */; reason: string };

/**
 * VP9 where the person wants it and the browser can, or where the device has an encoder of its own that makes the
 * Layers: one does the work of three, and the picture needs fewer bits. Else H.264 where the device has an encoder
 * for it, since it then costs next to nothing; else VP8, whose software encoder makes three Layers for the least
 * work. Null where none can be sent.
 */
export function chooseCodec(facts: CodecFacts): CodecChoice | null {
  if (facts.wish === 'VP9' && canSendVp9(facts)) return { codec: 'VP9', reason: 'as you chose' };
  const choice = chooseByItself(facts);
  if (choice === null || facts.wish === 'auto') return choice;
  const lack = facts.isScreen ? 'is for cameras' : 'cannot be sent from here';
  return { ...choice, reason: `${choice.reason}; VP9 in layers ${lack}` };
}

/** In layers, at the size and rate that are asked for. Of a screen, Chromium 156 then sends nothing at all. */
export function canSendVp9({ sendable, vp9, isScreen }: Omit<CodecFacts, 'wish'>): boolean {
  return !isScreen && sendable.has('VP9') && vp9?.supported === true;
}

function chooseByItself(facts: CodecFacts): CodecChoice | null {
  const { sendable, h264, vp9 } = facts;
  if (canSendVp9(facts) && vp9?.smooth === true && vp9.powerEfficient) {
    return { codec: 'VP9', reason: 'your device has a hardware encoder for it, with layers' };
  }
  const hardware = h264?.supported === true && h264.powerEfficient;
  if (sendable.has('H264') && hardware) {
    return { codec: 'H264', reason: 'your device has a hardware encoder for it' };
  }
  if (sendable.has('VP8')) return { codec: 'VP8', reason: vp8Reason(sendable, h264) };
  if (sendable.has('H264')) return { codec: 'H264', reason: 'this browser sends nothing else' };
  return null;
}

function vp8Reason(sendable: ReadonlySet<CodecName>, h264: EncodingAbility | null): string {
  if (!sendable.has('H264')) return 'this browser cannot send H.264';
  if (h264 === null) return 'this browser does not say whether it has a hardware encoder';
  return 'your device has no hardware encoder for H.264 that this browser can use';
}
