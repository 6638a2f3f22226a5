import type { types } from 'mediasoup';
import type { Broadcast } from './broadcast.ts';
import { LayerObserver, type ObservedLayer, payloadOf } from './layer-observer.ts';
import { layeringOf } from './layering.ts';
import { unlessCutShort } from './picture-header.ts';
import { readVp9Descriptor } from './vp9-descriptor.ts';

export interface StreamTap {
  /** Lowest Layer first. A Layer is read from its next key frame on, which the sender is asked for. */
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
  const { layers, oneStream } = layeringOf(consumer.rtpParameters);
  const observers = Array.from(
    { length: layers },
    (_, layer) => new LayerObserver(mimeType, layer),
  );
  const bySsrc = new Map(encodings.map(({ ssrc }, layer) => [ssrc, observers[layer]]));
  consumer.on('rtp', (packet) => {
    if (oneStream) return shareOut(packet, observers);
    bySsrc.get(packet.readUInt32BE(8))?.take(packet, performance.now());
  });
  return observers;
}

/** One stream of all Layers: each packet is one Layer's, and the first of a key frame tells of all of them. */
function shareOut(packet: Buffer, observers: readonly LayerObserver[]): void {
  const payload = payloadOf(packet);
  if (payload === undefined) return;
  const descriptor = unlessCutShort(() => readVp9Descriptor(payload));
  if (descriptor === undefined) return;
  if (descriptor.sizes.length > 0) for (const observer of observers) observer.look(payload);
  observers[descriptor.spatialLayer]?.take(packet, performance.now());
}
