export type CodecName = 'H264' | 'VP8';

/** What the browser says of encoding a codec for WebRTC; null where it says nothing. */
export type EncodingAbility = { supported: boolean; smooth: boolean; powerEfficient: boolean };

export type CodecFacts = {
  /** Codecs that both the browser can send and the server takes. */
  sendable: ReadonlySet<CodecName>;
  h264: EncodingAbility | null;
};

export type CodecChoice = { codec: CodecName /** For people. */; reason: string };

/**
 * H.264 where the device has an encoder for it, since it then costs next to nothing; else VP8, whose
 * software encoder makes three Layers for the least work. Null where neither can be sent.
 */
export function chooseCodec({ sendable, h264 }: CodecFacts): CodecChoice | null {
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
