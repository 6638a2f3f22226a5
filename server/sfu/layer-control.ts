import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { climb, FIRST_STEP, isFull } from './climb.ts';
import { Distress, lastReport } from './distress.ts';
import { EstimateBounds } from './estimate-bounds.ts';
import {
  type LayerChange,
  type LayerLimit,
  type LayerState,
  layerReason,
  layerToAskFor,
  type Shortage,
} from './layer-choice.ts';
import {
  comesBack,
  fallen,
  fitting,
  floorOf,
  isNew,
  isOverrun,
  isShort,
  leapPatience,
  neededFor,
  type LinkReading,
  raised,
  UNLIMITED,
} from './link-ceiling.ts';
import type { LayerBitrates } from './layer-bitrates.ts';
import { layeringOf } from './layering.ts';
import { NOT_PROBING, PROBE_INTERVAL_MS, probed } from './probing.ts';

export interface LayerControlOptions {
  consumer: types.Consumer;
  transport: types.WebRtcTransport;
  /** What the Layers take, as they arrive. */
  bitrates: LayerBitrates;
  limit: LayerLimit;
  onChange: (change: LayerChange) => void;
  /** The link carries less than the top Layer, or all of it again. */
  onShort: (shortage: Shortage) => void;
  log: Logger;
}

/** How often a Viewer without an estimate has its loss read. */
const CLIMB_INTERVAL_MS = 1_000;

/** The other maximum for a probe, of its own; less than a tenth off is no other to the estimator. */
const CAP = 0.85;
/** An estimate that is this many times the one before is looked at again, after so many milliseconds. */
const JUMP = 1.4;
const SECOND_LOOK_MS = 600;
/** A Layer that was asked for and fits is there with its next key frame, milliseconds; else it is locked. */
const LOCKED_MS = 2_500;

/**
 * Which Layer of a picture one Viewer is sent, simulcast or SVC. mediasoup's estimator tells what the link carries;
 * what is made of it is decided in `link-ceiling.ts` and `layer-choice.ts`.
 *
 * mediasoup has a rule of its own that gets in the way: after a fall it goes no Layer up for ten seconds.
 * A Consumer that was paused is free of it. So a Viewer that falls is paused and resumed in one go: what
 * does not fit any more ends at once, and the next that is sent is a key frame of the lowest Layer.
 */
export class LayerControl {
  readonly #options: LayerControlOptions;
  readonly #bounds: EstimateBounds;
  readonly #distress: Distress;
  readonly #timers: NodeJS.Timeout[] = [];
  #state: LayerState;
  #ceiling = UNLIMITED;
  /** What the estimator goes up to, bits a second: 1.35 times what the top Layer takes. */
  #maximum = 0;
  #estimate = 0;
  #probing = NOT_PROBING;
  #resumed = false;
  #asked: number | undefined;
  #told: LayerChange | undefined;
  /** The lowest Layer that arrives: the ladder of a one-layer source has those below only on demand. */
  #lowest: number;
  #shortage: Shortage = 'none';
  /** When a Layer was asked for last, or came, milliseconds of a monotonic clock. */
  #changedAtMs = 0;

  constructor(options: LayerControlOptions) {
    const { consumer } = options;
    this.#options = options;
    this.#bounds = new EstimateBounds(options.transport);
    this.#distress = new Distress(consumer);
    this.#state = {
      current: null,
      // Of simulcast too, mediasoup gives a Consumer one encoding with as many spatial layers.
      top: layeringOf(consumer.rtpParameters).layers - 1,
      limit: options.limit,
      started: false,
      ceiling: this.#ceiling.layer,
      starved: false,
      arriving: Number.POSITIVE_INFINITY,
    };
    consumer.on('layerschange', (layers) => this.#onLayer(layers?.spatialLayer ?? null));
    this.#lowest = Math.max(0, lowestOf(consumer.score));
    consumer.on('score', (score) => this.#onArriving(lowestOf(score)));
    consumer.observer.once('close', () => this.#stop());
    if (this.#state.top > 0) this.#watchLink();
  }

  /** The client is ready for the picture. */
  async resume(): Promise<void> {
    this.#resumed = true;
    if (!this.#state.limit.picture) return this.#tell();
    await this.#options.consumer.resume();
    // mediasoup reports layers only where there are several.
    if (this.#options.consumer.type === 'simple') this.#onLayer(0);
  }

  /** What is worth sending has changed. */
  async setLimit(limit: LayerLimit): Promise<void> {
    const before = this.#state.limit;
    this.#state.limit = limit;
    if (this.#resumed && before.picture !== limit.picture) await this.#rest(!limit.picture);
    await this.#ask();
    this.#tell();
  }

  /** @param estimate what the link carries @param maximum what the estimator goes up to; bits a second */
  async setEstimate(estimate: number, maximum: number): Promise<void> {
    if (!this.#bounds.capped) this.#maximum = maximum;
    const jumps = this.#estimate > 0 && estimate > this.#estimate * JUMP;
    this.#estimate = estimate;
    // What a probe has found is often taken back at once.
    if (jumps) await sleep(SECOND_LOOK_MS);
    if (this.#estimate !== estimate) return;
    const { streams, besides } = await this.#options.bitrates.read();
    if (this.#options.consumer.closed) return;
    const { current } = this.#state;
    const nowMs = performance.now();
    const reading = { estimate, bitrates: streams, besides, current, nowMs };
    this.#state.arriving = streams.findLastIndex((bitrate) => bitrate > 0);
    this.#state.starved = estimate < (streams[this.#lowest] ?? 0);
    if (await this.#isTooMuch(reading)) return await this.#fall(reading);
    this.#ceiling = raised(this.#ceiling, reading);
    await this.#hold(reading);
    // What is not sent does not show in the estimate: a top Layer that flows has shown that it fits.
    const { top, arriving } = this.#state;
    this.#supposeShort(arriving >= 0 && current !== top && fitting(reading) < top);
    await this.#ask();
    if (this.#isLocked(reading)) await this.restart();
    this.#tell();
  }

  /**
   * The client sees pictures come later and later: sooner than the estimate falls. Where they are not very late, it may
   * be a large picture that passes.
   *
   * @param lateMs more than the shortest way took, milliseconds
   */
  async relieve(lateMs: number): Promise<void> {
    const { consumer, bitrates } = this.#options;
    const { streams, besides } = await bitrates.read();
    const { current, started } = this.#state;
    if (consumer.closed || current === null || current === 0 || !started) return;
    const nowMs = performance.now();
    const { top, arriving } = this.#state;
    const share = (streams[current] ?? 0) / this.#estimate;
    const isHighest = current >= Math.min(top, arriving);
    const comesNow = isNew(this.#ceiling, nowMs);
    if (!isOverrun({ lateMs, share, isHighest, comesNow })) return;
    await this.#fall({ estimate: this.#estimate, bitrates: streams, besides, current, nowMs });
  }

  async #fall(reading: LinkReading): Promise<void> {
    const floor = this.#bounds.floorOf(reading.current);
    this.#ceiling = fallen(this.#ceiling, reading);
    this.#probing = NOT_PROBING;
    this.#tellShort('felt');
    // Nothing to fall to, not yet: the SFU goes there by itself once it arrives.
    if ((reading.current ?? 0) <= this.#lowest) return await this.#ask();
    await this.restart();
    await this.#bounds.clearFloor();
    await this.#distrust(floor);
    this.#tell();
  }

  /** On its floor an estimate says little: then the receiver's word decides. */
  async #isTooMuch(reading: LinkReading): Promise<boolean> {
    if (comesBack(this.#ceiling, reading.nowMs)) return false;
    const floor = this.#bounds.floorOf(reading.current);
    return isShort(reading, floor) && (floor === 0 || (await this.#distress.isFelt()));
  }

  /** An estimate that had a floor has not been below it, and should have: a probe will find out. */
  async #distrust(floor: number): Promise<void> {
    if (floor === 0) return;
    await this.#bounds.cap(floor * CAP);
  }

  /** Keeps the estimate from going below what is sent, or is about to be. */
  async #hold(reading: LinkReading): Promise<void> {
    const { current } = this.#state;
    const { layer: ceiling } = this.#ceiling;
    const trusted = Number.isFinite(ceiling) ? layerToAskFor({ ...this.#state, ceiling }) : 0;
    const layer = current === null ? 0 : Math.max(current, trusted);
    const floor = floorOf({ ...reading, current: layer }, isNew(this.#ceiling, reading.nowMs));
    await this.#bounds.setFloor(layer, floor);
  }

  /** mediasoup has left the Layer by itself, and would not go back for ten seconds. */
  #isLocked(reading: LinkReading): boolean {
    const { current } = this.#state;
    const asked = this.#asked ?? 0;
    if (current === null || current >= asked || fitting(reading) < asked) return false;
    return reading.nowMs - this.#changedAtMs > LOCKED_MS;
  }

  /**
   * Lets go of what is on its way, and frees the Consumer of mediasoup's ten seconds. The orders go to the Worker one
   * behind the other, and the Layer while it is paused: else a key frame would be asked for twice, half a second apart, and
   * encoders that make one of their own accord skip pictures after it.
   */
  async restart(): Promise<void> {
    const { consumer } = this.#options;
    // It may have come to rest meanwhile.
    if (!this.#state.limit.picture) return;
    this.#state.started = false;
    this.#state.current = null;
    await Promise.all([consumer.pause(), this.#ask(), consumer.resume()]);
  }

  async #rest(rests: boolean): Promise<void> {
    const { consumer } = this.#options;
    this.#state.started = false;
    this.#state.current = null;
    // While it is paused: a Layer that is asked for before would cost everybody a key frame.
    if (rests) await Promise.all([consumer.pause(), this.#ask()]);
    else await Promise.all([this.#ask(), consumer.resume()]);
    if (consumer.type === 'simple') this.#onLayer(rests ? null : 0);
  }

  #onLayer(current: number | null): void {
    this.#state.current = current;
    this.#changedAtMs = performance.now();
    if (!this.#state.started && current !== null) {
      this.#state.started = true;
      this.#unlessClosed(this.#ask());
    }
    this.#tell();
  }

  /** Until a lower Layer that has just begun to arrive has its first reports, the SFU would go on with what is too much. */
  #onArriving(lowest: number): void {
    if (lowest < 0) return;
    const begins = lowest < this.#lowest;
    this.#lowest = lowest;
    const { current } = this.#state;
    if (begins && this.#shortage === 'felt' && current !== null && current > lowest) {
      this.#unlessClosed(this.restart());
    }
  }

  async #ask(): Promise<void> {
    const { consumer } = this.#options;
    this.#state.ceiling = this.#ceiling.layer;
    const spatialLayer = layerToAskFor(this.#state);
    if (consumer.type === 'simple' || spatialLayer === this.#asked) return;
    this.#asked = spatialLayer;
    this.#changedAtMs = performance.now();
    await consumer.setPreferredLayers({ spatialLayer });
  }

  /** Only what is news: estimates come every second, and each change is counted and sent. */
  #tell(): void {
    const change = { spatialLayer: this.#state.current, reason: layerReason(this.#state) };
    if (isDeepStrictEqual(change, this.#told)) return;
    this.#told = change;
    this.#options.onChange(change);
  }

  /** By what is measured; what was felt stays felt until all fits. */
  #supposeShort(short: boolean): void {
    if (!short) this.#tellShort('none');
    else if (this.#shortage === 'none') this.#tellShort('supposed');
  }

  #tellShort(shortage: Shortage): void {
    if (this.#shortage === shortage || this.#state.top === 0) return;
    this.#shortage = shortage;
    this.#options.onShort(shortage);
  }

  #watchLink(): void {
    if (hasEstimate(this.#options.consumer)) this.#every(PROBE_INTERVAL_MS, () => this.#probe());
    else this.#climb();
  }

  /** Asks the estimator for a new look, while the link is all that holds the Viewer back. */
  async #probe(): Promise<void> {
    const { probing, step } = probed(this.#probing, {
      heldBack: this.#isHeldBack(),
      capped: this.#bounds.capped,
      estimate: this.#estimate,
      patience: leapPatience(this.#ceiling),
    });
    this.#probing = probing;
    if (step === 'uncap') await this.#bounds.uncap();
    else if (step === 'cap') await this.#bounds.cap(this.#maximum * CAP);
    else if (step === 'leap') await this.#leap();
  }

  /** The next Layer is the probe: its floor makes room for it, and what comes of it is seen as with any other. */
  async #leap(): Promise<void> {
    const { streams, besides } = await this.#options.bitrates.read();
    const next = (this.#state.current ?? -1) + 1;
    await this.#bounds.uncap();
    await this.#bounds.setFloor(next, neededFor(next, { bitrates: streams, besides }));
  }

  #isHeldBack(): boolean {
    return this.#resumed && layerReasonIsLink(this.#state);
  }

  /** Without an estimate: Layer by Layer up for as long as nothing is lost. */
  #climb(): void {
    const { consumer } = this.#options;
    let climbing = FIRST_STEP;
    this.#ceiling = { ...UNLIMITED, layer: climbing.layer };
    this.#every(CLIMB_INTERVAL_MS, async () => {
      const { lost } = await lastReport(consumer);
      climbing = climb(climbing, lost, this.#state.top);
      if (isFull(lost)) this.#tellShort('felt');
      else if (climbing.layer === this.#state.top) this.#tellShort('none');
      if (this.#ceiling.layer === climbing.layer) return;
      this.#ceiling = { ...UNLIMITED, layer: climbing.layer };
      await this.#ask();
    });
  }

  #every(intervalMs: number, act: () => Promise<void>): void {
    this.#timers.push(setInterval(() => this.#unlessClosed(act()), intervalMs));
  }

  #unlessClosed(done: Promise<void>): void {
    const { consumer, log } = this.#options;
    done.catch((error: unknown) => {
      if (!consumer.closed) log.warn({ err: error }, 'a layer could not be asked for');
    });
  }

  #stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#unlessClosed(this.#bounds.release());
  }
}

/** A stream that does not arrive has the score 0; one that carries several Layers has one for all. -1: none arrives. */
function lowestOf({ producerScores }: types.ConsumerScore): number {
  return producerScores.findIndex((score) => score > 0);
}

function layerReasonIsLink(state: LayerState): boolean {
  const reason = layerReason(state);
  return reason === 'bandwidth' || reason === 'soundFirst';
}

/** The estimator needs feedback on every packet, and so a number in each (transport-wide or a time). */
function hasEstimate({ rtpParameters }: types.Consumer): boolean {
  return (rtpParameters.headerExtensions ?? []).some(({ uri }) =>
    /transport-wide-cc|abs-send-time/.test(uri),
  );
}
