import { SfumatoError } from '../../../signaling/contract/index.ts';

/** Does at most so many things at the same time; so many others wait, in their order. */
export class FewAtOnce {
  readonly #running: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(running: number, maxWaiting: number) {
    this.#running = running;
    this.#maxWaiting = maxWaiting;
    this.#free = running;
  }

  /** @throws SfumatoError `overloaded` where too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new SfumatoError('overloaded', 'Too many ask at the same time. Try again.', {
        retryAfterSeconds: Math.max(1, Math.ceil(this.#maxWaiting / this.#running / 10)),
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
