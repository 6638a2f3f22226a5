import { css, html, LitElement, nothing } from 'lit';
import type { Asset } from '../../../signaling/contract/index.ts';
import { withToken } from '../../player/access/pass.ts';
import { type ImageSources, imageSources } from './image-sources.ts';

/** An image of the library: fits where it stands; a click, Enter or Space shows it in its full size. */
export class SfumatoImage extends LitElement {
  static override properties = {
    asset: { attribute: false },
    filesUrl: { attribute: false },
    zoomed: { type: Boolean, reflect: true },
    failed: { state: true },
  };

  declare asset: Asset | null;
  /** Ends with a slash. */
  declare filesUrl: string;
  declare zoomed: boolean;
  declare failed: boolean;

  constructor() {
    super();
    this.asset = null;
    this.filesUrl = '';
    this.zoomed = false;
    this.failed = false;
    this.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.zoomed = false;
    });
  }

  /** The `<img>` inside. */
  get image(): HTMLImageElement | null {
    return this.renderRoot.querySelector('img');
  }

  override render() {
    const { asset } = this;
    if (asset === null) return nothing;
    const { title, description, width = 1, height = 1 } = asset;
    return html`
      <div class="frame" style="--width: ${width}px; --height: ${height}px; --ratio: ${width / height}" tabindex=${this.zoomed ? 0 : nothing}
        role=${this.zoomed ? 'group' : nothing} aria-label=${this.zoomed ? 'The image in its full size' : nothing}>
        <div class="hold">
          ${this.#picture(imageSources(asset, this.filesUrl), description || title)}
          <button aria-pressed=${this.zoomed} aria-label="Full size" title=${this.zoomed ? 'Show all of it' : 'Show it in its full size'}
            @click=${(event: MouseEvent) => this.#zoom(event)}></button>
        </div>
      </div>
      <p role="status" class="problem">${this.failed ? 'The image did not arrive. Trying again …' : nothing}</p>
    `;
  }

  #picture({ sources, largest, animation }: ImageSources, alt: string) {
    const sizes = this.zoomed ? '9999px' : '(max-width: 560px) 100vw, min(78rem, 94vw)';
    return html`
      <picture>
        ${
          animation === undefined
            ? nothing
            : html`<source media="(prefers-reduced-motion: no-preference)" type=${animation.type} srcset=${withToken(this.filesUrl + animation.name)} />`
        }
        ${sources.map(({ type, srcset }) => html`<source type=${type} srcset=${srcset} sizes=${sizes} />`)}
        <img alt=${alt} src=${largest === undefined ? nothing : withToken(this.filesUrl + largest.name)}
          @load=${() => (this.failed = false)} @error=${() => this.#retry()} />
      </picture>
    `;
  }

  #retry(): void {
    this.failed = true;
    // A <picture> loads anew when one of its parts is put in again.
    const again = () => {
      if (this.isConnected && this.failed && this.image !== null)
        this.image.src = this.image.currentSrc || this.image.src;
    };
    setTimeout(again, 2_000);
  }

  /** What was clicked at is in the middle afterwards. */
  #zoom({ offsetX, offsetY, detail }: MouseEvent): void {
    const { image } = this;
    const place =
      image === null ? null : { x: offsetX / image.clientWidth, y: offsetY / image.clientHeight };
    this.zoomed = !this.zoomed;
    if (this.zoomed && detail > 0 && place !== null) void this.#center(place);
  }

  async #center(place: { x: number; y: number }): Promise<void> {
    await this.updateComplete;
    const frame = this.renderRoot.querySelector('.frame');
    if (frame === null) return;
    frame.scrollLeft = frame.scrollWidth * place.x - frame.clientWidth / 2;
    frame.scrollTop = frame.scrollHeight * place.y - frame.clientHeight / 2;
  }

  static override styles = css`
    :host {
      display: block;
    }
    .frame {
      display: grid;
      place-items: center;
      overflow: auto;
      border-radius: inherit;
      max-height: inherit;
    }
    .hold {
      position: relative;
      width: min(100%, var(--width), calc(var(--image-height, 100dvh) * var(--ratio)));
      aspect-ratio: var(--ratio);
      background: rgb(128 110 90 / 0.16);
      border-radius: inherit;
    }
    button {
      position: absolute;
      inset: 0;
      width: 100%;
      padding: 0;
      border: 0;
      background: none;
      cursor: zoom-in;
      border-radius: inherit;
    }
    button:focus-visible,
    .frame:focus-visible {
      outline: 3px solid var(--accent, #e3b461);
      outline-offset: -3px;
    }
    img {
      display: block;
      width: 100%;
      height: 100%;
      border-radius: inherit;
    }
    :host([zoomed]) .frame {
      place-items: start;
      max-height: var(--image-height, 100dvh);
    }
    :host([zoomed]) .hold {
      width: var(--width);
      margin: auto;
    }
    :host([zoomed]) button {
      cursor: zoom-out;
    }
    .problem {
      margin: 0;
      text-align: center;
    }
  `;
}

if (!customElements.get('sfumato-image')) customElements.define('sfumato-image', SfumatoImage);

declare global {
  interface HTMLElementTagNameMap {
    'sfumato-image': SfumatoImage;
  }
}
