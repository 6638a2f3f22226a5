import type { PublishingRights } from '../../server/channels/rights.ts';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { recordSecret } from './run-record.ts';

type Listener = Parameters<PublishingRights['onRevoked']>[0];

/** Stream keys in memory: one a Channel. */
export class KeysInMemory implements PublishingRights {
  readonly #keys = new Map<string, string>();
  readonly #listeners = new Set<Listener>();

  set(channelId: string, key: string): void {
    this.#keys.set(channelId, key);
    recordSecret(`the stream key of ${channelId}`, key);
  }

  rotate(channelId: string, key: string): void {
    this.set(channelId, key);
    for (const listener of this.#listeners) listener(channelId, 'keyRotated');
  }

  async checkStreamKey(channelId: string, streamKey: string): Promise<void> {
    if (this.#keys.get(channelId) === streamKey) return;
    const isKnown = [...this.#keys.values()].includes(streamKey);
    throw isKnown
      ? new SfumatoError('forbidden', 'The stream key is for another Channel.')
      : new SfumatoError('unauthorized', 'The stream key is not a valid one.');
  }

  async demandStreamKey(channelId: string): Promise<void> {
    if (this.#keys.has(channelId)) return;
    throw new SfumatoError('forbidden', 'Nobody can go live on this Channel.');
  }

  onRevoked(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
