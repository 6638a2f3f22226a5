import { deflateRawSync } from 'node:zlib';
import { beginsVp8KeyFrame, unlessCutShort, vp8DescriptorLength } from './picture-header.ts';
import { readVp9Descriptor } from './vp9-descriptor.ts';

/** One that has more bytes has more in it than one colour. */
const MOST_BYTES = 16 * 1024;
/**
 * What is left of the key frame of a plain picture when its repetitions are taken out, at most, bytes. Of
 * x264 (both entropy coders) and libvpx, up to 1280 by 720, it is 35 to 110; of test pictures it is 250 and more.
 * Of libvpx-vp9 it is 120 to 190, and of test pictures 1900 and more.
 */
const PLAIN_BYTES = 160;
const PLAIN_VP9_BYTES = 400;

/**
 * Gathers a stream's key frames and says whether there is anything to be seen in them. Without decoding:
 * a picture of one colour says the same of every block.
 */
export class KeyFrameContent {
  readonly #partOf: (payload: Buffer) => Buffer | undefined;
  readonly #plainBytes: number;
  #timestamp: number | undefined;
  #parts: Buffer[] = [];
  /** Was the last whole key frame of one colour? Nothing before the first. */
  plain: boolean | undefined;

  constructor(mimeType: string) {
    const isVp8 = /vp8$/i.test(mimeType);
    const isVp9 = /vp9$/i.test(mimeType);
    const others = isVp9 ? vp9Part : h264Part;
    this.#plainBytes = isVp9 ? PLAIN_VP9_BYTES : PLAIN_BYTES;
    this.#partOf = isVp8 ? (payload) => this.#vp8Part(payload) : others;
  }

  take(timestamp: number, payload: Buffer): void {
    if (timestamp !== this.#timestamp) this.#finish(timestamp);
    const part = this.#partOf(payload);
    if (part !== undefined) this.#parts.push(Buffer.from(part));
  }

  #finish(timestamp: number): void {
    const frame = Buffer.concat(this.#parts);
    if (frame.length > 0) this.plain = isPlain(frame, this.#plainBytes);
    this.#parts = [];
    this.#timestamp = timestamp;
  }

  #vp8Part(payload: Buffer): Buffer | undefined {
    if (this.#parts.length === 0 && !beginsVp8KeyFrame(payload)) return undefined;
    return payload.subarray(vp8DescriptorLength(payload));
  }
}

function isPlain(frame: Buffer, plainBytes: number): boolean {
  return frame.length <= MOST_BYTES && deflateRawSync(frame, { level: 9 }).length <= plainBytes;
}

/** RFC 9628: every packet says whether its picture needs one before it. */
function vp9Part(payload: Buffer): Buffer | undefined {
  const descriptor = unlessCutShort(() => readVp9Descriptor(payload));
  return descriptor?.key === true ? payload.subarray(descriptor.length) : undefined;
}

const IDR = 5;

/** RFC 6184: the slices of an IDR picture in this packet, alone, in a STAP-A, or a piece of one (FU-A). */
function h264Part(payload: Buffer): Buffer | undefined {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type === IDR) return payload;
  if (type === 28) return ((payload[1] ?? 0) & 0x1f) === IDR ? payload.subarray(2) : undefined;
  return type === 24 ? Buffer.concat(idrsOf(payload)) : undefined;
}

function idrsOf(aggregate: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 1; at + 2 < aggregate.length; ) {
    const size = aggregate.readUInt16BE(at);
    const unit = aggregate.subarray(at + 2, at + 2 + size);
    if (((unit[0] ?? 0) & 0x1f) === IDR) found.push(unit);
    at += 2 + size;
  }
  return found;
}
