import type { Broadcast } from '../sfu/broadcast.ts';
import type { ObservedLayer } from '../sfu/layer-observer.ts';
import { type StreamTap, tapVideo } from '../sfu/stream-tap.ts';

/** Readings, one a second: the packets are read along for so many of them, and then left alone. */
const TAP_READINGS = 6;
/** The second time comes early, when a stream is well under way. After it only the lowest Layer is read. */
const SECOND_TAP_READING = 10;
/** Each time costs a key frame, and browsers then make one of every Layer. */
const TAP_EVERY_READINGS = 120;
/** Sooner where the lowest Layer flows quite differently: black takes little, another size more or less. */
const SOONEST_READINGS = 30;
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
    const all = reading === 0 || reading === SECOND_TAP_READING;
    if (all || this.#isDue(reading, bitrateOf(0))) {
      this.#tappedAt = reading;
      await this.#open(broadcast, all ? 'all' : 'lowest');
    }
    if (reading - this.#tappedAt === TAP_READINGS) {
      this.#flow = bitrateOf(0);
      this.#shut();
    }
  }

  #isDue(reading: number, flow: number): boolean {
    const since = reading - this.#tappedAt;
    const otherwise = flow > this.#flow * OTHER_FLOW || flow < this.#flow / OTHER_FLOW;
    return since >= TAP_EVERY_READINGS || (since >= SOONEST_READINGS && otherwise);
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

  async #open(broadcast: Broadcast, which: 'all' | 'lowest'): Promise<void> {
    this.#shut();
    const tap = await tapVideo(broadcast, which);
    if (this.#closed) return tap?.close();
    this.#tap = tap;
    const [waits] = this.#waitsMs;
    const read = tap?.layers.length ?? 0;
    this.#waitsMs = [waits.map((wait, layer) => (layer < read ? 0 : wait)), waits];
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
    if (this.#hasAnotherSize()) this.#readings = 0;
    for (const [layer, observed] of (this.#tap?.layers ?? []).entries()) {
      if (observed.frames > 0 || this.#layers[layer] === undefined) this.#layers[layer] = observed;
      if (observed.frames === 0 && flows(layer)) waits[layer] = (waits[layer] ?? 0) + passedMs;
    }
  }

  /** Then all Layers have, and are to be read again. */
  #hasAnotherSize(): boolean {
    const now = this.#tap?.layers[0]?.picture;
    const before = this.#layers[0]?.picture;
    if (now === undefined || before === undefined) return false;
    return now.width !== before.width || now.height !== before.height;
  }
}

function figuresOf(layer: ObservedLayer): ObservedLayer {
  const { picture, plain, frames, framesOutOfOrder, ticks, driftFraction } = layer;
  return { picture, plain, frames, framesOutOfOrder, ticks, driftFraction };
}
