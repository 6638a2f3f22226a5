import type { types } from 'mediasoup';
import { layeringOf, sentBitrates } from './layering.ts';
import { layerBitrate, receivedMedia } from './received-media.ts';

/** Bits a second as they arrive from the broadcaster. */
export interface MeasuredBitrates {
  /** What a Viewer of each Layer is sent, lowest first; 0 where it does not arrive. */
  streams: readonly number[];
  /** Of everything else: the sound. */
  besides: number;
}

/** However many Viewers ask, the Worker is asked this often, milliseconds. */
const FRESH_MS = 1_000;

/** What the Layers of one broadcast take, measured when somebody asks. */
export class LayerBitrates {
  readonly #producers: () => readonly types.Producer[];
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<MeasuredBitrates> | undefined;

  constructor(producers: () => readonly types.Producer[]) {
    this.#producers = producers;
  }

  async read(): Promise<MeasuredBitrates> {
    const nowMs = performance.now();
    if (this.#reading === undefined || nowMs - this.#readAtMs > FRESH_MS) {
      this.#readAtMs = nowMs;
      this.#reading = measure(this.#producers());
    }
    return await this.#reading;
  }
}

async function measure(producers: readonly types.Producer[]): Promise<MeasuredBitrates> {
  const received = await receivedMedia(producers);
  const { streams, layersAnnounced } = received;
  const video = producers.find(({ kind }) => kind === 'video');
  const audio = streams.filter(({ kind }) => kind === 'audio');
  const own = Array.from({ length: layersAnnounced }, (_, layer) => layerBitrate(received, layer));
  return {
    streams: sentBitrates(own, layeringOf(video?.rtpParameters ?? {})),
    besides: audio.reduce((sum, { bitrate }) => sum + bitrate, 0),
  };
}
