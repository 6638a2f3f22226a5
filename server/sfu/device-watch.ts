import { isDeepStrictEqual } from 'node:util';
import type { DeviceReport, Layer, PreferredLayer } from '../../signaling/contract/index.ts';
import { type LayerLimit, NO_LIMIT } from './layer-choice.ts';
import { type DeviceMemory, decideLayer, NOTHING_KNOWN, remember } from './device-layer.ts';

/** Follows what one Viewer's device can use and its person wants, and tells when that changes. */
export class DeviceWatch {
  readonly #onLimit: (limit: LayerLimit) => void;
  #memory: DeviceMemory = NOTHING_KNOWN;
  #preferred: PreferredLayer = 'auto';
  #layers: readonly Layer[] = [];
  #current: number | null = null;
  #limit = NO_LIMIT;
  #review: NodeJS.Timeout | undefined;

  constructor(onLimit: (limit: LayerLimit) => void) {
    this.#onLimit = onLimit;
  }

  get limit(): LayerLimit {
    return this.#limit;
  }

  prefer(layer: PreferredLayer): void {
    this.#preferred = layer;
    this.#decide();
  }

  report(report: DeviceReport): void {
    this.#memory = remember(this.#memory, report, performance.now());
    this.#decide();
  }

  /** The Layers on offer; others after a zap. */
  offer(layers: readonly Layer[]): void {
    if (isDeepStrictEqual(sizesOf(layers), sizesOf(this.#layers))) return;
    this.#layers = layers;
    this.#memory = { ...this.#memory, sizeLayer: undefined };
    this.#decide();
  }

  /** The Layer that is being sent. */
  sent(layer: number | null): void {
    this.#current = layer;
  }

  close(): void {
    clearTimeout(this.#review);
  }

  #decide(): void {
    const nowMs = performance.now();
    const { limit, memory, reviewAtMs } = decideLayer(this.#memory, {
      layers: this.#layers,
      preferred: this.#preferred,
      current: this.#current,
      nowMs,
    });
    this.#memory = memory;
    clearTimeout(this.#review);
    // A millisecond late rather than early: a review before its time would decide nothing.
    if (reviewAtMs !== undefined) {
      this.#review = setTimeout(() => this.#decide(), reviewAtMs - nowMs + 1);
    }
    if (isDeepStrictEqual(limit, this.#limit)) return;
    this.#limit = limit;
    this.#onLimit(limit);
  }
}

function sizesOf(layers: readonly Layer[]): string[] {
  return layers.map(({ width, height }) => `${width}x${height}`);
}
