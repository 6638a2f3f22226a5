import { html, LitElement, nothing } from 'lit';
import type { Asset } from '../../../signaling/contract/index.ts';
import { fileUrl } from './library-pictures.ts';
import { someOf, type Tile, tilesOfVtt } from './library-tiles.ts';

/** A pointer that only passes over starts nothing. */
const DELAY_MS = 250;
const TILE_MS = 350;
/** So that a film of hours is through in some seconds too. */
const MOST_TILES = 40;

/** Plays an Asset's preview strip while its card is pointed at or has the focus. Not for those who want less motion. */
export class LibraryPreview extends LitElement {
  static override properties = { asset: { attribute: false } };
  declare asset: Asset | undefined;
  #tiles: Tile[] = [];
  #name: string | undefined;
  #shown: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #sheets = new Map<string, Promise<HTMLImageElement>>();
  #ended = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    const card = this.closest('.asset');
    for (const event of ['pointerenter', 'focusin'])
      card?.addEventListener(event, () => this.#start(), { signal });
    for (const event of ['pointerleave', 'focusout'])
      card?.addEventListener(event, () => this.#stop(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended.abort();
    this.#stop();
  }

  override render() {
    if (this.#shown === null) return nothing;
    const animation = this.asset?.files.find(({ label }) => label === 'animation');
    if (this.asset !== undefined && animation !== undefined) {
      return html`<img src=${fileUrl(this.asset.id, animation.name)} alt="" draggable="false" />`;
    }
    const fraction = (this.#shown + 1) / Math.max(1, this.#tiles.length);
    return html`
      <canvas aria-hidden="true"></canvas>
      <span class="through" style="transform: scaleX(${fraction})"></span>
    `;
  }

  #start(): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#play().catch((error: unknown) => console.debug('sfumato: no preview', error));
    }, DELAY_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shown === null) return;
    this.#shown = null;
    this.requestUpdate();
  }

  async #play(): Promise<void> {
    const { asset } = this;
    const timer = this.#timer;
    if (asset === undefined) return;
    if (asset.files.some(({ label }) => label === 'animation')) return this.#showAnimation();
    const vtt = asset.files.find(({ role, name }) => role === 'preview' && name.endsWith('.vtt'));
    if (vtt === undefined) return;
    await this.#readTiles(fileUrl(asset.id, vtt.name));
    if (timer === this.#timer && this.#tiles.length > 0) await this.#showTile(asset.id, 0);
  }

  #showAnimation(): void {
    this.#shown = 0;
    this.requestUpdate();
  }

  async #readTiles(url: string): Promise<void> {
    if (this.#name === url) return;
    const response = await fetch(url);
    if (!response.ok) return;
    this.#tiles = someOf(tilesOfVtt(await response.text()), MOST_TILES);
    this.#name = url;
  }

  async #showTile(id: string, index: number): Promise<void> {
    const timer = this.#timer;
    const tile = this.#tiles[index];
    if (tile === undefined) return;
    const sheet = await this.#sheet(fileUrl(id, tile.sheet));
    if (timer !== this.#timer) return;
    this.#shown = index;
    this.requestUpdate();
    await this.updateComplete;
    draw(this.querySelector('canvas'), sheet, tile);
    const next = (index + 1) % this.#tiles.length;
    this.#timer = setTimeout(() => {
      this.#showTile(id, next).catch((error: unknown) => console.debug('sfumato: preview', error));
    }, TILE_MS);
  }

  #sheet(url: string): Promise<HTMLImageElement> {
    const known = this.#sheets.get(url) ?? loadImage(url);
    this.#sheets.set(url, known);
    return known;
  }
}

async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

function draw(canvas: HTMLCanvasElement | null, sheet: HTMLImageElement, tile: Tile): void {
  if (canvas === null) return;
  const { x, y, width, height } = tile;
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.drawImage(sheet, x, y, width, height, 0, 0, width, height);
}
