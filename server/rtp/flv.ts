/**
 * As much of FLV (Adobe's specification 10.1, annex E) as carries one H.264 picture through a pipe with
 * its timestamps: what ffmpeg reads and writes without holding anything back.
 */

const TAG_VIDEO = 9;
const TAG_HEADER_BYTES = 11;
const SIZE_FIELD_BYTES = 4;
const VIDEO_HEADER_BYTES = 5;
const AVC = 7;
const FRAME_KEY = 1;
const FRAME_INTER = 2;
const PACKET_CONFIG = 0;
const PACKET_FRAME = 1;

/** The file's header, picture only, and the size of no tag before it. */
export const flvHeader = (): Buffer =>
  Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

/** Says how the frames after it are to be decoded: an AVCDecoderConfigurationRecord. */
export function flvConfig(record: Uint8Array, timestampMs: number): Buffer {
  return videoTag(FRAME_KEY, PACKET_CONFIG, timestampMs, [record]);
}

/** One access unit, its NAL units without start codes. @param timestampMs below 2^31 */
export function flvFrame(
  units: readonly Uint8Array[],
  isKeyFrame: boolean,
  timestampMs: number,
): Buffer {
  const parts = units.flatMap((unit) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(unit.length);
    return [length, unit];
  });
  return videoTag(isKeyFrame ? FRAME_KEY : FRAME_INTER, PACKET_FRAME, timestampMs, parts);
}

function videoTag(
  frame: number,
  packet: number,
  timestampMs: number,
  parts: readonly Uint8Array[],
): Buffer {
  const bytes = parts.reduce((sum, part) => sum + part.length, VIDEO_HEADER_BYTES);
  const head = Buffer.alloc(TAG_HEADER_BYTES + VIDEO_HEADER_BYTES);
  head[0] = TAG_VIDEO;
  head.writeUIntBE(bytes, 1, 3);
  // The highest 8 of the 32 bits come last (E.4.1).
  head.writeUIntBE(timestampMs & 0xffffff, 4, 3);
  head[7] = timestampMs >>> 24;
  head[TAG_HEADER_BYTES] = (frame << 4) | AVC;
  head[TAG_HEADER_BYTES + 1] = packet;
  const size = Buffer.alloc(SIZE_FIELD_BYTES);
  size.writeUInt32BE(TAG_HEADER_BYTES + bytes);
  return Buffer.concat([head, ...parts, size]);
}

export type FlvVideo =
  | { type: 'config'; record: Uint8Array }
  | { type: 'frame'; isKeyFrame: boolean; timestampMs: number; accessUnit: Uint8Array };

/** Reads back pieces of a stream as they come; tags of anything but H.264 are passed over. */
export function createFlvReader(onVideo: (video: FlvVideo) => void): (piece: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  let begun = false;
  return (piece) => {
    kept = kept.length === 0 ? piece : Buffer.concat([kept, piece]);
    let at = 0;
    if (!begun) {
      const needed = kept.length < 9 ? 9 : kept.readUInt32BE(5) + SIZE_FIELD_BYTES;
      if (kept.length < needed) return;
      begun = true;
      at = needed;
    }
    for (;;) {
      const left = kept.length - at;
      if (left < TAG_HEADER_BYTES) break;
      const bytes = kept.readUIntBE(at + 1, 3);
      const whole = TAG_HEADER_BYTES + bytes + SIZE_FIELD_BYTES;
      if (left < whole) break;
      const video = readTag(kept.subarray(at, at + TAG_HEADER_BYTES + bytes));
      if (video !== undefined) onVideo(video);
      at += whole;
    }
    kept = kept.subarray(at);
  };
}

function readTag(tag: Buffer): FlvVideo | undefined {
  const body = tag.subarray(TAG_HEADER_BYTES);
  if (tag[0] !== TAG_VIDEO || body.length <= VIDEO_HEADER_BYTES) return undefined;
  const first = body.readUInt8(0);
  if ((first & 0x0f) !== AVC) return undefined;
  const content = body.subarray(VIDEO_HEADER_BYTES);
  const packet = body.readUInt8(1);
  if (packet === PACKET_CONFIG) return { type: 'config', record: content };
  if (packet !== PACKET_FRAME) return undefined;
  const decodedMs = tag.readUIntBE(4, 3) + tag.readUInt8(7) * 2 ** 24;
  // Signed: how much later than decoded it is shown.
  const timestampMs = decodedMs + body.readIntBE(2, 3);
  return { type: 'frame', isKeyFrame: first >> 4 === FRAME_KEY, timestampMs, accessUnit: content };
}
