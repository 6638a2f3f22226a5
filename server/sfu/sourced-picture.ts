import type { types } from 'mediasoup';
import type { LayerLimit } from './layer-choice.ts';

/** A picture of which the source itself sends what the Viewer is to have: here it flows, or rests. */
export class SourcedPicture {
  readonly #consumer: types.Consumer;
  #flows: boolean;
  #resumed = false;

  constructor(consumer: types.Consumer, { picture }: LayerLimit) {
    this.#consumer = consumer;
    this.#flows = picture;
  }

  async resume(): Promise<void> {
    this.#resumed = true;
    if (this.#flows) await this.#consumer.resume();
  }

  /** Where it flows again, mediasoup asks the source for a key frame. */
  async setLimit({ picture }: LayerLimit): Promise<void> {
    const before = this.#flows;
    this.#flows = picture;
    if (!this.#resumed || before === picture) return;
    await (picture ? this.#consumer.resume() : this.#consumer.pause());
  }

  /**
   * Nothing is sent again that was lost before, and the source is asked for a key frame. The two go to the Worker one
   * behind the other.
   */
  async restart(): Promise<void> {
    if (!this.#resumed || !this.#flows) return;
    await Promise.all([this.#consumer.pause(), this.#consumer.resume()]);
  }

  async setEstimate(): Promise<void> {}

  async relieve(): Promise<void> {}
}
