import { atMostEvery } from './throttle.ts';

/** A Viewer may come back, or change its mind: a Layer is given up only after this. */
const LOWER_AFTER_MS = 3_000;

/**
 * Tells a broadcaster the highest Layer that anybody wants: at once when it rises, after a while when it
 * falls, and never twice the same.
 */
export class WantedLayer {
  readonly #tell: (layer: number) => void;
  readonly #lower = atMostEvery(LOWER_AFTER_MS, () => this.#sayNow());
  #wanted = -1;
  #told: number | undefined;

  constructor(tell: (layer: number) => void) {
    this.#tell = tell;
  }

  set(layer: number): void {
    this.#wanted = layer;
    if (this.#told === undefined || layer > this.#told) this.#lower.now();
    else if (layer < this.#told) this.#lower.soon();
  }

  close(): void {
    this.#lower.cancel();
  }

  #sayNow(): void {
    if (this.#wanted === this.#told) return;
    this.#told = this.#wanted;
    this.#tell(this.#wanted);
  }
}
