import type { Finding, Layer } from '../../signaling/contract/index.ts';
import type { Broadcast } from '../sfu/broadcast.ts';
import { layerBitrate, type ReceivedMedia } from '../sfu/received-media.ts';
import { SoundWatch } from '../sfu/sound-watch.ts';
import { type Facts, findingsOf, layersOf } from './examination.ts';
import { lossBetween } from './health.ts';
import { ReadingAlong } from './reading-along.ts';
import { isSilentBySize } from './silence.ts';

const NOTHING: ReceivedMedia = { streams: [], layersAnnounced: 0 };

/** Gathers, once a second, what is to be known of what a Publisher sends. */
export class Inspection {
  readonly #kind: Facts['kind'];
  readonly #reading = new ReadingAlong();
  readonly #sound = new SoundWatch();
  readonly #flowed = new Set<number>();
  #before = NOTHING;
  #received = NOTHING;
  /** When it was not silent last, by this process's clock. */
  #heardAtMs = performance.now();
  #closed = false;

  constructor(kind: Facts['kind']) {
    this.#kind = kind;
  }

  /** To be called once a second. */
  async read(broadcast: Broadcast, received: ReceivedMedia): Promise<void> {
    this.#before = this.#received;
    this.#received = received;
    await this.#reading.read(broadcast, (layer) => this.#bitrateOf(layer));
    if (!this.#closed) await this.#listen(broadcast);
    if (this.#closed) this.close();
  }

  /** As far as they have been seen, lowest first. */
  layers(): Layer[] {
    return layersOf(
      this.#reading.layers.map((layer, index) => ({
        ...layer,
        bitrate: this.#bitrateOf(index),
      })),
    );
  }

  /** @param hasLadder are lower Layers made here, where the broadcaster sends none? */
  findings(broadcast: Broadcast, hasLadder: boolean): Finding[] {
    return findingsOf({
      kind: this.#kind,
      hasLadder,
      hasVideo: broadcast.has('video'),
      hasAudio: broadcast.has('audio'),
      layers: this.#reading.layers.map((layer, index) => ({
        ...layer,
        profile: layer.picture?.profile,
        flows: this.#bitrateOf(index) > 0,
        hasFlowed: this.#hasFlowed(index),
      })),
      silentForMs: performance.now() - this.#heardAtMs,
      packetLossFraction: lossBetween(this.#before, this.#received),
    });
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#reading.close();
    this.#sound.close();
  }

  async #listen(broadcast: Broadcast): Promise<void> {
    await this.#sound.follow(broadcast);
    const heard = this.#sound.heard() ?? isSilentBySize(this.#before, this.#received) === false;
    if (heard || !broadcast.has('audio')) this.#heardAtMs = performance.now();
  }

  #hasFlowed(layer: number): boolean {
    if (this.#bitrateOf(layer) > 0) this.#flowed.add(layer);
    return this.#flowed.has(layer);
  }

  #bitrateOf(layer: number): number {
    return layerBitrate(this.#received, layer);
  }
}
