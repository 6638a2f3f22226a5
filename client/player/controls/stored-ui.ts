import type { LitElement } from 'lit';
import type { Asset } from '../../../signaling/contract/index.ts';
import { parseAssetAddress } from '../stored/asset-address.ts';
import type { SfumatoVideo } from '../sfumato-video.ts';
import type { StoredView } from './stored-controls.ts';

type StoredParts = typeof import('./stored-controls.ts');

/** What a player has for Assets only: fetched when it is given one, and drawn from a view. */
export class StoredUi {
  readonly #player: LitElement;
  /** Where the Asset's files are; null for a Channel. */
  #filesUrl: string | null = null;
  #parts: StoredParts | null = null;
  #peaks: { of: string; peaks: readonly number[] | null } | null = null;

  constructor(player: LitElement) {
    this.#player = player;
  }

  /** Null for a Channel, and until the code is there. */
  get parts(): StoredParts | null {
    return this.#filesUrl === null ? null : this.#parts;
  }
  get isStored(): boolean {
    return this.#filesUrl !== null;
  }

  open(src: string | null): void {
    const address = src === null ? null : parseAssetAddress(src, document.baseURI);
    this.#filesUrl = address === null ? null : `${address.url}/files/`;
    if (address === null || this.#parts !== null) return;
    this.#load().catch((error: unknown) => console.warn('sfumato: no controls', error));
  }

  /** Null for a Channel. */
  view(media: SfumatoVideo | null): StoredView | null {
    if (this.#filesUrl === null) return null;
    const asset = media?.asset ?? null;
    if (asset !== null) this.#wantPeaks(asset);
    return { media, asset, filesUrl: this.#filesUrl, peaks: this.#peaks?.peaks ?? null };
  }

  async #load(): Promise<void> {
    this.#parts = await import('./stored-controls.ts');
    this.#player.requestUpdate();
  }

  /** The waveform of a sound, once it was made. */
  #wantPeaks(asset: Asset): void {
    const made = asset.kind === 'audio' && asset.files.some(({ role }) => role === 'waveform');
    if (!made || this.#parts === null || this.#peaks?.of === asset.id) return;
    this.#peaks = { of: asset.id, peaks: null };
    this.#fetchPeaks(this.#parts, asset).catch((error: unknown) =>
      console.warn('sfumato: no waveform', error),
    );
  }

  async #fetchPeaks({ fetchPeaks }: StoredParts, asset: Asset): Promise<void> {
    if (this.#filesUrl === null) return;
    const peaks = await fetchPeaks(asset, this.#filesUrl);
    if (this.#peaks?.of !== asset.id) return;
    this.#peaks.peaks = peaks;
    this.#player.requestUpdate();
  }
}
