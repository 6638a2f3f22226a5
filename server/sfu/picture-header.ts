import { readVp9Descriptor } from './vp9-descriptor.ts';

/** What the header of a picture tells. */
export interface PictureHeader {
  /** Pixels. */
  width: number;
  height: number;
  /** H.264: profile_idc and the constraint flags, as in `profile-level-id`. */
  profile?: { idc: number; constraints: number };
}

/**
 * Reads it from the payload of an RTP packet; nothing where the packet begins no key frame.
 *
 * @param layer which Layer's, where the packet tells of several (VP9)
 */
export function readPictureHeader(
  mimeType: string,
  payload: Buffer,
  layer = 0,
): PictureHeader | undefined {
  return unlessCutShort(() => {
    if (/vp9$/i.test(mimeType)) return readVp9(payload, layer);
    return /vp8$/i.test(mimeType) ? readVp8(payload) : readH264(payload);
  });
}

/** A packet that ends too early says nothing; whatever else goes wrong is a fault of ours. */
export function unlessCutShort<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (Reflect.get(Object(error), 'name') === 'RangeError') return undefined;
    throw error;
  }
}

/** RFC 7741 section 4.2 for the descriptor, RFC 6386 section 9.1 for the frame. */
export function beginsVp8KeyFrame(payload: Buffer): boolean {
  const first = payload[0] ?? 0;
  // S: the packet begins a partition; PID 0: the first one.
  if ((first & 0x1f) !== 0x10) return false;
  const at = vp8DescriptorLength(payload);
  return ((payload[at] ?? 1) & 1) === 0;
}

function readVp8(payload: Buffer): PictureHeader | undefined {
  if (!beginsVp8KeyFrame(payload)) return undefined;
  const at = vp8DescriptorLength(payload);
  if (payload.readUIntBE(at + 3, 3) !== 0x9d012a) return undefined;
  return {
    width: payload.readUInt16LE(at + 6) & 0x3fff,
    height: payload.readUInt16LE(at + 8) & 0x3fff,
  };
}

/** Bytes. A packet that ends too early has a descriptor longer than itself. */
export function vp8DescriptorLength(payload: Buffer): number {
  if (((payload[0] ?? 0) & 0x80) === 0) return 1;
  const extensions = payload[1] ?? 0;
  let length = 2;
  if (extensions & 0x80) length += (payload[length] ?? 0) & 0x80 ? 2 : 1;
  if (extensions & 0x40) length += 1;
  if (extensions & 0x30) length += 1;
  return length;
}

/** RFC 9628 section 4.2: by the scalability structure, and where there is none, by the frame itself. */
function readVp9(payload: Buffer, layer: number): PictureHeader | undefined {
  const { key, begins, spatialLayer, sizes, length } = readVp9Descriptor(payload);
  if (sizes.length > 0) return sizes[layer];
  if (!key || !begins || spatialLayer !== layer) return undefined;
  return readVp9Frame(payload.subarray(length));
}

/** The uncompressed header of a key frame of profile 0 (VP9 bitstream specification, section 6.2). */
function readVp9Frame(frame: Buffer): PictureHeader | undefined {
  const bits = new BitReader(frame);
  // frame_marker, profile 0, no show_existing_frame, KEY_FRAME; then show_frame and error_resilient_mode.
  if (bits.read(6) !== 0b100000) return undefined;
  bits.skip(2);
  if (bits.read(24) !== 0x498342) return undefined;
  const isRgb = bits.read(3) === 7;
  if (isRgb) return undefined;
  bits.skip(1);
  return { width: bits.read(16) + 1, height: bits.read(16) + 1 };
}

/** RFC 6184: a sequence parameter set on its own (5.6), or in a STAP-A (5.7.1). */
function readH264(payload: Buffer): PictureHeader | undefined {
  const type = payload.readUInt8(0) & 0x1f;
  if (type === 7) return readSps(payload);
  if (type !== 24) return undefined;
  for (let at = 1; at + 2 < payload.length; ) {
    const size = payload.readUInt16BE(at);
    if ((payload.readUInt8(at + 2) & 0x1f) === 7) {
      return readSps(payload.subarray(at + 2, at + 2 + size));
    }
    at += 2 + size;
  }
  return undefined;
}

const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138]);

/** ITU-T H.264 section 7.3.2.1.1, as far as the picture's size. */
function readSps(nal: Buffer): PictureHeader | undefined {
  const bits = new BitReader(withoutEmulation(nal));
  bits.skip(8);
  const idc = bits.read(8);
  const constraints = bits.read(8);
  bits.skip(8);
  bits.readUe();
  const chroma = PROFILES_WITH_CHROMA.has(idc) ? readChroma(bits) : 1;
  if (chroma === undefined) return undefined;
  bits.readUe();
  const orderType = bits.readUe();
  if (orderType === 0) bits.readUe();
  // Type 1 lists offsets: no encoder that people stream with writes it.
  if (orderType === 1) return undefined;
  bits.readUe();
  bits.skip(1);
  const widthInBlocks = bits.readUe() + 1;
  const heightInUnits = bits.readUe() + 1;
  const framesOnly = bits.read(1);
  if (framesOnly === 0) bits.skip(1);
  bits.skip(1);
  const crop = bits.read(1) === 1 ? Array.from({ length: 4 }, () => bits.readUe()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const unit = chroma === 0 ? 1 : 2;
  return {
    width: widthInBlocks * 16 - (left + right) * (chroma === 3 ? 1 : unit),
    height: (2 - framesOnly) * (heightInUnits * 16 - (top + bottom) * (chroma === 1 ? 2 : 1)),
    profile: { idc, constraints },
  };
}

/** chroma_format_idc; nothing where scaling matrices follow, which only studio encoders write. */
function readChroma(bits: BitReader): number | undefined {
  const chroma = bits.readUe();
  if (chroma === 3) bits.skip(1);
  bits.readUe();
  bits.readUe();
  bits.skip(1);
  return bits.read(1) === 1 ? undefined : chroma;
}

/** Section 7.4.1: a 3 after two zeros is there for the transport alone. */
function withoutEmulation(nal: Buffer): Buffer {
  return Buffer.from(
    nal.filter((byte, at) => !(byte === 3 && nal[at - 1] === 0 && nal[at - 2] === 0)),
  );
}

class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#at += count;
  }

  read(count: number): number {
    let value = 0;
    for (let read = 0; read < count; read += 1) {
      const byte = this.#bytes.readUInt8(this.#at >> 3);
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  /** Section 9.1: Exp-Golomb, unsigned. */
  readUe(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
