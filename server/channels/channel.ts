import { randomUUID } from 'node:crypto';
import type { ChannelInfo, Layer, PUBLISHER_KINDS } from '../../signaling/contract/index.ts';
import type { Broadcast } from '../sfu/broadcast.ts';

export type PublisherKind = (typeof PUBLISHER_KINDS)[number];

/** What a Publisher brings when it goes on air. */
export interface OnAir {
  kind: PublisherKind;
  broadcast: Broadcast;
  layers: readonly Layer[];
}

type Listener = () => void;

/** A named live place: at most one broadcast on air, any number of Viewers, on air or not. */
export class Channel {
  readonly id: string;
  readonly title: string;
  #onAir: (OnAir & { id: string; since: Date }) | undefined;
  #viewers = 0;
  readonly #listeners = new Set<Listener>();

  constructor(id: string, title: string) {
    this.id = id;
    this.title = title;
  }

  get broadcast(): Broadcast | undefined {
    return this.#onAir?.broadcast;
  }

  get viewers(): number {
    return this.#viewers;
  }

  /** What Viewers and the pages are told. */
  info(): ChannelInfo {
    const onAir = this.#onAir;
    const { id, title } = this;
    const common = { id, title, viewers: this.#viewers, live: onAir !== undefined };
    if (onAir === undefined) return { ...common, hasVideo: false, hasAudio: false, layers: [] };
    return {
      ...common,
      publisher: { kind: onAir.kind, since: onAir.since.toISOString() },
      broadcastId: onAir.id,
      hasVideo: onAir.broadcast.has('video'),
      hasAudio: onAir.broadcast.has('audio'),
      layers: [...onAir.layers],
    };
  }

  /** The newest broadcast wins: one that is still on air is ended. */
  goOnAir(onAir: OnAir): void {
    this.#onAir?.broadcast.close();
    this.#onAir = { ...onAir, id: randomUUID(), since: new Date() };
    this.#changed();
  }

  /** Ends this broadcast, if it is still the one on air. */
  goOffAir(broadcast: Broadcast): void {
    if (this.#onAir?.broadcast !== broadcast) return;
    this.#onAir = undefined;
    broadcast.close();
    this.#changed();
  }

  /** Counts a Viewer in; the returned function counts it out, once. */
  enter(): () => void {
    this.#viewers += 1;
    this.#changed();
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#viewers -= 1;
      this.#changed();
    };
  }

  /** Called after every change of `info()`. The returned function stops it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#onAir !== undefined) this.goOffAir(this.#onAir.broadcast);
    this.#listeners.clear();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
