import { ClockWatch } from './clock-watch.ts';
import { KeyFrameContent } from './key-frame-content.ts';
import { type PictureHeader, readPictureHeader } from './picture-header.ts';

/** What the packets of one Layer have told. */
export interface ObservedLayer {
  /** Of its last key frame; nothing before the first. */
  picture: PictureHeader | undefined;
  /** Was that of one colour, such as black? */
  plain: boolean | undefined;
  /** Frames, by their timestamps. */
  frames: number;
  /** Frames that were sent after one that is shown later: there are B-frames. */
  framesOutOfOrder: number;
  /** RTP clock, 90 kHz: from the first frame to the last. */
  ticks: number;
  /** How much faster than ours its clock runs, once that is known: 0.2 by a fifth. */
  driftFraction: number | undefined;
}

/** Of the RTP timestamps of all video codecs (RFC 6184, RFC 7741, RFC 9628). */
const CLOCK_RATE = 90_000;

export class LayerObserver implements ObservedLayer {
  readonly #mimeType: string;
  readonly #layer: number;
  readonly #clock = new ClockWatch(CLOCK_RATE);
  readonly #content: KeyFrameContent;
  picture: PictureHeader | undefined;
  frames = 0;
  framesOutOfOrder = 0;
  ticks = 0;
  #sequence: number | undefined;
  #timestamp = 0;

  /** @param layer which one of a stream that has several */
  constructor(mimeType: string, layer = 0) {
    this.#mimeType = mimeType;
    this.#layer = layer;
    this.#content = new KeyFrameContent(mimeType);
  }

  get plain(): boolean | undefined {
    return this.#content.plain;
  }

  get driftFraction(): number | undefined {
    return this.#clock.driftFraction;
  }

  /** Reads what the packet tells of this Layer's picture, also where it is one of another Layer. */
  look(payload: Buffer): void {
    this.picture = readPictureHeader(this.#mimeType, payload, this.#layer) ?? this.picture;
  }

  /** @param arrivedMs our own clock */
  take(packet: Buffer, arrivedMs: number): void {
    const payload = payloadOf(packet);
    if (payload === undefined) return;
    this.look(payload);
    const sequence = packet.readUInt16BE(2);
    const timestamp = packet.readUInt32BE(4);
    if (this.#sequence === undefined) this.#timestamp = timestamp;
    // One that was lost and sent again says nothing about the order of frames.
    const inOrder = this.#sequence === undefined || signed(sequence - this.#sequence, 16) > 0;
    if (!inOrder) return;
    this.#sequence = sequence;
    this.#content.take(timestamp, payload);
    this.#takeFrame(timestamp);
    this.#clock.take(this.ticks, arrivedMs);
  }

  #takeFrame(timestamp: number): void {
    const step = signed(timestamp - this.#timestamp, 32);
    if (step === 0) return;
    this.frames += 1;
    if (step < 0) this.framesOutOfOrder += 1;
    this.ticks += step;
    this.#timestamp = timestamp;
  }
}

/** The shorter way round a counter of so many bits. */
function signed(difference: number, bits: 16 | 32): number {
  return bits === 32 ? difference | 0 : (difference << 16) >> 16;
}

/** RFC 3550 section 5.1: after the header, its sources and its extension; nothing where it is too short. */
export function payloadOf(packet: Buffer): Buffer | undefined {
  if (packet.length < 12) return undefined;
  let at = 12 + (packet.readUInt8(0) & 0x0f) * 4;
  if (packet.readUInt8(0) & 0x10) {
    if (packet.length < at + 4) return undefined;
    at += 4 + packet.readUInt16BE(at + 2) * 4;
  }
  return at < packet.length ? packet.subarray(at) : undefined;
}
