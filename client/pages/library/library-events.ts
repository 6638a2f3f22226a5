import * as z from 'zod';
import { type Asset, assetSchema } from '../../../signaling/contract/index.ts';

const RETRY_MS = 5_000;
const goneSchema = z.object({ id: z.string() });

export type LibraryListener = {
  asset(asset: Asset): void;
  gone(id: string): void;
  /** Connected again: what happened meanwhile was not heard. */
  missed(): void;
};

/** What happens in the library, as it happens. `EventSource` connects again by itself; what it gives up, this takes up. */
export class LibraryEvents {
  readonly #listener: LibraryListener;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wasOpen = false;

  constructor(listener: LibraryListener) {
    this.#listener = listener;
  }

  open(): void {
    if (this.#source !== undefined) return;
    clearTimeout(this.#timer);
    const source = new EventSource('/api/v1/assets/events');
    this.#source = source;
    source.addEventListener('open', () => this.#onOpen());
    source.addEventListener('error', () => this.#onError(source));
    source.addEventListener('asset', ({ data }: MessageEvent<string>) => {
      this.#hear(() => this.#listener.asset(assetSchema.parse(JSON.parse(data))));
    });
    source.addEventListener('gone', ({ data }: MessageEvent<string>) => {
      this.#hear(() => this.#listener.gone(goneSchema.parse(JSON.parse(data)).id));
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #onOpen(): void {
    if (this.#wasOpen) this.#listener.missed();
    this.#wasOpen = true;
  }

  #onError(source: EventSource): void {
    if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
    this.close();
    this.#timer = setTimeout(() => this.open(), RETRY_MS);
  }

  #hear(work: () => void): void {
    try {
      work();
    } catch (error) {
      console.warn('sfumato: an event that is not understood', error);
    }
  }
}
