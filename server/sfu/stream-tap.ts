import type { types } from 'mediasoup';
import type { Broadcast } from './broadcast.ts';
import { type PictureHeader, readPictureHeader } from './picture-header.ts';

/** What the packets of one Layer have told. */
export interface ObservedLayer {
  /** Of its last key frame; nothing before the first. */
  picture: PictureHeader | undefined;
  /** Frames, by their timestamps. */
  frames: number;
  /** Frames that were sent after one that is shown later: there are B-frames. */
  framesOutOfOrder: number;
  /** RTP clock, 90 kHz: from the first frame to the last. */
  ticks: number;
}

export interface StreamTap {
  /** Lowest Layer first. */
  readonly layers: readonly ObservedLayer[];
  /** Idempotent. */
  close(): void;
}

/**
 * Reads along with the picture, packet by packet: all its Layers pass through this process, so not for
 * longer than needed. Nothing where there is no picture.
 */
export async function tapVideo(broadcast: Broadcast): Promise<StreamTap | undefined> {
  const producer = broadcast.producers.find(({ kind }) => kind === 'video');
  if (producer === undefined) return undefined;
  const { router } = broadcast.origin;
  const transport = await router.createDirectTransport();
  try {
    const { rtpCapabilities } = router;
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities,
      pipe: true,
    });
    return { layers: observe(consumer), close: () => transport.close() };
  } catch (error) {
    transport.close();
    throw error;
  }
}

function observe(consumer: types.Consumer): ObservedLayer[] {
  const { encodings = [], codecs } = consumer.rtpParameters;
  const mimeType = codecs[0]?.mimeType ?? '';
  const observers = encodings.map(() => new LayerObserver(mimeType));
  const bySsrc = new Map(encodings.map(({ ssrc }, layer) => [ssrc, observers[layer]]));
  consumer.on('rtp', (packet) => bySsrc.get(packet.readUInt32BE(8))?.take(packet));
  return observers;
}

class LayerObserver implements ObservedLayer {
  readonly #mimeType: string;
  picture: PictureHeader | undefined;
  frames = 0;
  framesOutOfOrder = 0;
  ticks = 0;
  #sequence: number | undefined;
  #timestamp = 0;

  constructor(mimeType: string) {
    this.#mimeType = mimeType;
  }

  take(packet: Buffer): void {
    const payload = payloadOf(packet);
    if (payload === undefined) return;
    this.picture = readPictureHeader(this.#mimeType, payload) ?? this.picture;
    const sequence = packet.readUInt16BE(2);
    const timestamp = packet.readUInt32BE(4);
    if (this.#sequence === undefined) this.#timestamp = timestamp;
    // One that was lost and sent again says nothing about the order of frames.
    const inOrder = this.#sequence === undefined || signed(sequence - this.#sequence, 16) > 0;
    if (!inOrder) return;
    this.#sequence = sequence;
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
function payloadOf(packet: Buffer): Buffer | undefined {
  if (packet.length < 12) return undefined;
  let at = 12 + (packet.readUInt8(0) & 0x0f) * 4;
  if (packet.readUInt8(0) & 0x10) {
    if (packet.length < at + 4) return undefined;
    at += 4 + packet.readUInt16BE(at + 2) * 4;
  }
  return at < packet.length ? packet.subarray(at) : undefined;
}
