import type { types } from 'mediasoup';

/** Carries Producers of one Router to another, each one once. */
export class Pipe {
  readonly #from: types.Router;
  readonly #to: types.Router;
  readonly #piped = new Map<string, Promise<types.Producer>>();
  readonly #ends: (() => void)[] = [];
  #ended = false;

  constructor(from: types.Router, to: types.Router) {
    this.#from = from;
    this.#to = to;
  }

  /** This Producer as the other Router has it. It closes with its original. */
  async carry(producer: types.Producer): Promise<types.Producer> {
    const known = this.#piped.get(producer.id);
    if (known !== undefined) return await known;
    const piped = this.#pipe(producer);
    this.#piped.set(producer.id, piped);
    const forget = () => this.#piped.delete(producer.id);
    producer.observer.once('close', forget);
    try {
      return await piped;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Idempotent. */
  end(): void {
    this.#ended = true;
    for (const end of this.#ends.splice(0)) end();
  }

  async #pipe(producer: types.Producer): Promise<types.Producer> {
    const { pipeConsumer, pipeProducer } = await this.#from.pipeToRouter({
      producerId: producer.id,
      router: this.#to,
      keepId: false,
    });
    if (pipeConsumer === undefined || pipeProducer === undefined) throw new Error('no pipe made');
    // The sending end goes first (it takes the receiving one along), or the receiver would log
    // packets of an SSRC that it does not know.
    if (this.#ended) pipeConsumer.close();
    else this.#ends.push(() => pipeConsumer.close());
    return pipeProducer;
  }
}
