import type { Broadcast } from '../sfu/broadcast.ts';
import type { ObservedLayer } from '../sfu/layer-observer.ts';
import { type StreamTap, tapVideo } from '../sfu/stream-tap.ts';

/** Readings, one a second: the packets are read along for so many of them, and then left alone. */
const TAP_READINGS = 6;
/** The second time comes early, when a stream is well under way. */
const SECOND_TAP_READING = 10;
const TAP_EVERY_READINGS = 30;
/**
 * Of several Layers: each time costs a key frame of all of them, and that is felt on a narrow link. So it is later there,
 * but for a lowest Layer that flows quite differently: black takes little, another size more or less.
 */
const TAP_LAYERS_EVERY_READINGS = 120;
const OTHER_FLOW = 2.5;

export type LayerSoFar = ObservedLayer & {
  /** How long it flowed, after a key frame was asked for, until one came; the longer of the last two times. */
  keyFrameWaitMs: number;
};

/** Has a look at the packets of the picture themselves, now and then. */
export class ReadingAlong {
  #tap: StreamTap | undefined;
  #producerId: string | undefined;
  #readings = 0;
  #tappedAt = 0;
  /** Of the lowest Layer when it was read last, bits a second. */
  #flow = 0;
  #readAtMs = 0;
  /** Of this time and of the time before, by Layer. */
  #waitsMs: [number[], number[]] = [[], []];
  #layers: ObservedLayer[] = [];
  #closed = false;

  /** Lowest first; what this time has not shown yet is as it was the time before. */
  get layers(): LayerSoFar[] {
    const [now, before] = this.#waitsMs;
    return this.#layers.map((observed, layer) => ({
      ...figuresOf(observed),
      keyFrameWaitMs: Math.max(now[layer] ?? 0, before[layer] ?? 0),
    }));
  }

  /** To be called once a second. @param bitrateOf what arrives of a Layer, bits a second */
  async read(broadcast: Broadcast, bitrateOf: (layer: number) => number): Promise<void> {
    const producer = broadcast.producers.find(({ kind }) => kind === 'video');
    if (producer?.id !== this.#producerId) this.#begin(producer?.id);
    if (producer === undefined) return;
    this.#learn((layer) => bitrateOf(layer) > 0);
    const reading = this.#readings;
    this.#readings += 1;
    const flow = bitrateOf(0);
    const isEarly = reading === 0 || reading === SECOND_TAP_READING;
    const since = { readings: reading - this.#tappedAt, flowBefore: this.#flow };
    if (isEarly || isDue({ ...since, flow, layers: this.#layers.length })) {
      this.#tappedAt = reading;
      await this.#open(broadcast);
    }
    if (reading - this.#tappedAt !== TAP_READINGS) return;
    this.#flow = flow;
    this.#shut();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#shut();
  }

  /** Another picture: what was known is of no use. */
  #begin(producerId: string | undefined): void {
    this.#shut();
    this.#producerId = producerId;
    this.#readings = 0;
    this.#waitsMs = [[], []];
    this.#layers = [];
  }

  async #open(broadcast: Broadcast): Promise<void> {
    this.#shut();
    const tap = await tapVideo(broadcast);
    if (this.#closed) return tap?.close();
    this.#tap = tap;
    this.#waitsMs = [[], this.#waitsMs[0]];
    this.#readAtMs = performance.now();
  }

  #shut(): void {
    this.#tap?.close();
    this.#tap = undefined;
  }

  #learn(flows: (layer: number) => boolean): void {
    const nowMs = performance.now();
    const passedMs = nowMs - this.#readAtMs;
    this.#readAtMs = nowMs;
    const [waits] = this.#waitsMs;
    for (const [layer, observed] of (this.#tap?.layers ?? []).entries()) {
      if (observed.frames > 0 || this.#layers[layer] === undefined) this.#layers[layer] = observed;
      if (observed.frames === 0 && flows(layer)) waits[layer] = (waits[layer] ?? 0) + passedMs;
    }
  }
}

/**
 * Is it time to read along again?
 *
 * @param reading what was since the last time; `flow` of the lowest Layer, bits a second, now and then
 */
export function isDue({
  readings,
  flow,
  flowBefore,
  layers,
}: {
  readings: number;
  flow: number;
  flowBefore: number;
  layers: number;
}): boolean {
  if (readings < TAP_EVERY_READINGS) return false;
  const otherwise = flow > flowBefore * OTHER_FLOW || flow * OTHER_FLOW < flowBefore;
  return layers < 2 || otherwise || readings >= TAP_LAYERS_EVERY_READINGS;
}

function figuresOf(layer: ObservedLayer): ObservedLayer {
  const { picture, plain, frames, framesOutOfOrder, ticks, driftFraction } = layer;
  return { picture, plain, frames, framesOutOfOrder, ticks, driftFraction };
}
