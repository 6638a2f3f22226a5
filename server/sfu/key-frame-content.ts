import { deflateRawSync } from 'node:zlib';
import { beginsVp8KeyFrame, vp8DescriptorLength } from './picture-header.ts';

/** One that has more bytes has more in it than one colour. */
const MOST_BYTES = 16 * 1024;
/**
 * What is left of the key frame of a plain picture when its repetitions are taken out, at most, bytes. Of
 * x264 (both entropy coders) and libvpx, up to 1280 by 720, it is 35 to 110; of test pictures it is 250 and more.
 */
const PLAIN_BYTES = 160;

/**
 * Gathers a stream's key frames and says whether there is anything to be seen in them. Without decoding:
 * a picture of one colour says the same of every block.
 */
export class KeyFrameContent {
  readonly #isVp8: boolean;
  #timestamp: number | undefined;
  #parts: Buffer[] = [];
  /** Was the last whole key frame of one colour? Nothing before the first. */
  plain: boolean | undefined;

  constructor(mimeType: string) {
    this.#isVp8 = /vp8$/i.test(mimeType);
  }

  take(timestamp: number, payload: Buffer): void {
    if (timestamp !== this.#timestamp) this.#finish(timestamp);
    const part = this.#isVp8 ? this.#vp8Part(payload) : h264Part(payload);
    if (part !== undefined) this.#parts.push(Buffer.from(part));
  }

  #finish(timestamp: number): void {
    const frame = Buffer.concat(this.#parts);
    if (frame.length > 0) this.plain = isPlain(frame);
    this.#parts = [];
    this.#timestamp = timestamp;
  }

  #vp8Part(payload: Buffer): Buffer | undefined {
    if (this.#parts.length === 0 && !beginsVp8KeyFrame(payload)) return undefined;
    return payload.subarray(vp8DescriptorLength(payload));
  }
}

function isPlain(frame: Buffer): boolean {
  return frame.length <= MOST_BYTES && deflateRawSync(frame, { level: 9 }).length <= PLAIN_BYTES;
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
