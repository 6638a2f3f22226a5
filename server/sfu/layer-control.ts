import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { climb, FIRST_STEP } from './climb.ts';
import {
  type LayerChange,
  type LayerLimit,
  type LayerState,
  layerReason,
  layerToAskFor,
} from './layer-choice.ts';
import { fallen, falls, type LinkReading, raised, UNLIMITED } from './link-ceiling.ts';
import type { LayerBitrates } from './layer-bitrates.ts';

export interface LayerControlOptions {
  consumer: types.Consumer;
  transport: types.WebRtcTransport;
  /** What the Layers take, as they arrive. */
  bitrates: LayerBitrates;
  limit: LayerLimit;
  onChange: (change: LayerChange) => void;
  log: Logger;
}

/** How often a Viewer without an estimate has its loss read. */
const CLIMB_INTERVAL_MS = 1_000;

/** How often a link that holds a Viewer back is probed, milliseconds. A probe is 15 ms long. */
const PROBE_INTERVAL_MS = 2_000;

/**
 * Probed alternately at these multiples of what is wanted: the estimator probes when its maximum changes
 * by more than a tenth, and at no other time than every five seconds.
 */
const PROBE_FACTORS = [1.35, 1.1] as const;

/**
 * Which Layer of a simulcast picture one Viewer is sent. mediasoup's estimator tells what the link carries;
 * what is made of it is decided in `link-ceiling.ts` and `layer-choice.ts`.
 *
 * mediasoup has a rule of its own that gets in the way: after a fall it goes no Layer up for ten seconds.
 * A Consumer that was paused is free of it. So a Viewer that falls is paused and resumed in one go: what
 * does not fit any more ends at once, and the next that is sent is a key frame of the lowest Layer.
 */
export class LayerControl {
  readonly #options: LayerControlOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #state: LayerState;
  #ceiling = UNLIMITED;
  #estimate: number | undefined;
  #probes = 0;
  #resumed = false;
  #asked: number | undefined;

  constructor(options: LayerControlOptions) {
    const { consumer } = options;
    this.#options = options;
    this.#state = {
      current: null,
      top: spatialLayers(consumer.rtpParameters.encodings?.[0]?.scalabilityMode) - 1,
      limit: options.limit,
      started: false,
      ceiling: this.#ceiling.layer,
      starved: false,
      arriving: Number.POSITIVE_INFINITY,
    };
    consumer.on('layerschange', (layers) => this.#onLayer(layers?.spatialLayer ?? null));
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

  /** @param estimate what the link carries, bits a second */
  async setEstimate(estimate: number): Promise<void> {
    this.#estimate = estimate;
    const { streams, besides } = await this.#options.bitrates.read();
    if (this.#options.consumer.closed) return;
    const { current } = this.#state;
    const nowMs = performance.now();
    const reading = { estimate, bitrates: streams, besides, current, nowMs };
    this.#state.arriving = streams.findLastIndex((bitrate) => bitrate > 0);
    this.#state.starved = estimate < (streams[0] ?? 0);
    if (falls(reading)) return await this.#fall(reading);
    this.#ceiling = raised(this.#ceiling, reading);
    await this.#ask();
    this.#tell();
  }

  async #fall(reading: LinkReading): Promise<void> {
    this.#ceiling = fallen(this.#ceiling, reading);
    this.#state.started = false;
    this.#state.current = null;
    await this.#ask();
    await this.#restart();
    this.#tell();
  }

  /** Frees the Consumer of mediasoup's ten seconds. The two go to the Worker one behind the other. */
  async #restart(): Promise<void> {
    const { consumer } = this.#options;
    await Promise.all([consumer.pause(), consumer.resume()]);
  }

  async #rest(rests: boolean): Promise<void> {
    const { consumer } = this.#options;
    this.#state.started = false;
    this.#state.current = null;
    await this.#ask();
    await (rests ? consumer.pause() : consumer.resume());
    if (consumer.type === 'simple') this.#onLayer(rests ? null : 0);
  }

  #onLayer(current: number | null): void {
    this.#state.current = current;
    if (!this.#state.started && current !== null) {
      this.#state.started = true;
      this.#unlessClosed(this.#ask());
    }
    this.#tell();
  }

  async #ask(): Promise<void> {
    const { consumer } = this.#options;
    this.#state.ceiling = this.#ceiling.layer;
    const spatialLayer = layerToAskFor(this.#state);
    if (consumer.type === 'simple' || spatialLayer === this.#asked) return;
    this.#asked = spatialLayer;
    await consumer.setPreferredLayers({ spatialLayer });
  }

  #tell(): void {
    const { current } = this.#state;
    this.#options.onChange({ spatialLayer: current, reason: layerReason(this.#state) });
  }

  #watchLink(): void {
    if (hasEstimate(this.#options.consumer)) this.#every(PROBE_INTERVAL_MS, () => this.#probe());
    else this.#climb();
  }

  /** Asks the estimator for a new look, while the link is all that holds the Viewer back. */
  async #probe(): Promise<void> {
    const { consumer, transport, bitrates } = this.#options;
    const { streams, besides } = await bitrates.read();
    const wanted = this.#wantedBitrate(streams) + besides;
    if (consumer.closed || !this.#isHeldBack(wanted)) return;
    const factor = PROBE_FACTORS[this.#probes % PROBE_FACTORS.length] ?? 1;
    this.#probes += 1;
    await transport.setMaxOutgoingBitrate(Math.round(wanted * factor));
  }

  #wantedBitrate(streams: readonly number[]): number {
    const { limit, top, arriving } = this.#state;
    return streams[Math.min(limit.layer, top, arriving)] ?? 0;
  }

  #isHeldBack(wanted: number): boolean {
    return this.#resumed && layerReasonIsLink(this.#state) && (this.#estimate ?? 0) < wanted * 1.3;
  }

  /** Without an estimate: Layer by Layer up for as long as nothing is lost. */
  #climb(): void {
    const { consumer } = this.#options;
    let climbing = FIRST_STEP;
    this.#ceiling = { ...UNLIMITED, layer: climbing.layer };
    this.#every(CLIMB_INTERVAL_MS, async () => {
      const stats = await consumer.getStats();
      const sent = stats.find(({ type }) => type === 'outbound-rtp');
      // Eight bits, of the receiver's last report (RFC 3550 section 6.4.1).
      climbing = climb(climbing, (sent?.fractionLost ?? 0) / 256, this.#state.top);
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
  }
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

/** The number of spatial layers in a scalability mode such as `L3T1` or `S3T3`. */
function spatialLayers(scalabilityMode: string | undefined): number {
  const match = scalabilityMode?.match(/^[LS](\d)/);
  return match?.[1] === undefined ? 1 : Number(match[1]);
}
