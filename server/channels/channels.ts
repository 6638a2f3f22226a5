import { SfumatoError } from '../../signaling/contract/index.ts';
import { Channel } from './channel.ts';

/** All Channels of this server, by id. */
export class Channels {
  readonly #channels = new Map<string, Channel>();

  /** @throws SfumatoError `conflict` where the id is taken */
  create(id: string, title: string, graceSeconds?: number): Channel {
    if (this.#channels.has(id))
      throw new SfumatoError('conflict', `There is a Channel ${id} already.`);
    const channel = new Channel(id, title, graceSeconds);
    this.#channels.set(id, channel);
    return channel;
  }

  has(id: string): boolean {
    return this.#channels.has(id);
  }

  /** @throws SfumatoError `notFound` */
  get(id: string): Channel {
    const channel = this.#channels.get(id);
    if (channel === undefined) {
      throw new SfumatoError('notFound', 'There is no such Channel.', {
        hint: 'The front page shows what is on air.',
      });
    }
    return channel;
  }

  /** In the order in which they were created. */
  list(): Channel[] {
    return [...this.#channels.values()];
  }

  /** Its Viewers stay connected, with nothing to watch. */
  remove(channel: Channel): void {
    if (this.#channels.get(channel.id) === channel) this.#channels.delete(channel.id);
    channel.close();
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }
}
