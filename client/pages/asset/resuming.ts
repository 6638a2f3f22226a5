import type { Resumed } from './over-the-picture.ts';
import { type Beginning, findBeginning } from './resume.ts';

/** A notice stays so long; milliseconds. */
const SHOWN_MS = 15_000;

export type ResumingOptions = {
  changed(): void;
  /** Is somebody about to press it? */
  isUsed(): boolean;
};

/** Where it is gone on, and the quiet word about it. */
export class Resuming {
  readonly #options: ResumingOptions;
  #told: Resumed | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Which question it was: answers to earlier ones are late. */
  #asked = 0;

  constructor(options: ResumingOptions) {
    this.#options = options;
  }

  get told(): Resumed | null {
    return this.#told;
  }

  /**
   * @param begin is given the seconds; 0 for the beginning
   * @param mayOffer is it early enough to say where they were, when that comes too late?
   */
  async find(
    assetId: string,
    begin: (seconds: number) => void,
    mayOffer: () => boolean,
  ): Promise<void> {
    this.end();
    const number = this.#asked;
    const { seconds, asked }: Beginning = await findBeginning(assetId);
    if (number !== this.#asked) return;
    if (seconds !== null && seconds > 0) this.#tell({ seconds, offered: false });
    begin(seconds ?? 0);
    if (seconds === null) await this.offer(asked, mayOffer);
  }

  /** It has begun already: where they were is said, and no more. */
  async offer(asked: Promise<number>, mayOffer: () => boolean): Promise<void> {
    const number = this.#asked;
    const seconds = await asked;
    if (number === this.#asked && seconds > 0 && mayOffer()) this.#tell({ seconds, offered: true });
  }

  /** Takes the word back; answers that are still to come count for nothing. */
  end(): void {
    this.#asked += 1;
    this.#hush();
  }

  #tell(resumed: Resumed): void {
    this.#told = resumed;
    this.#wait();
    this.#options.changed();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => (this.#options.isUsed() ? this.#wait() : this.#hush()),
      SHOWN_MS,
    );
  }

  #hush(): void {
    clearTimeout(this.#timer);
    if (this.#told === null) return;
    this.#told = null;
    this.#options.changed();
  }
}
