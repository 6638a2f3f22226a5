/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import './embed-rights.ts';
import { html, LitElement, nothing } from 'lit';
import {
  embedSnippet,
  FRAME_MAY,
  type PlaybackGrant,
  type Size,
  type Visibility,
} from '../../../signaling/contract/index.ts';
import { type EmbedWishes, embedAddress, NO_WISHES } from './embed-address.ts';

/** What is put on another site. */
export type Embedded = {
  id: string;
  title: string;
  /** As large as it is, pixels. */
  size: Size;
  /** Has it a beginning to start at? */
  stored: boolean;
  /** Who may watch it, where that is known. */
  visibility?: Visibility | undefined;
};

const WIDTHS = [320, 480, 640, 854, 1280];
const SWITCHES = [
  ['autoplay', 'Begin by itself'],
  ['muted', 'Begin without sound'],
  ['loop', 'Begin anew at the end'],
  ['controls', 'Show the controls'],
] as const;

/** Writes the line that puts the player on another site, and shows what it will look like. */
class EmbedDialog extends LitElement {
  static override properties = {
    embedded: {},
    wishes: { state: true },
    width: { state: true },
    copied: { state: true },
    token: { state: true },
  };
  declare embedded: Embedded | null;
  declare wishes: EmbedWishes;
  /** Pixels; null for as wide as there is room. */
  declare width: number | null;
  declare copied: boolean;
  /** The right to watch that goes with it; null for none. */
  declare token: string | null;

  constructor() {
    super();
    this.embedded = null;
    this.wishes = NO_WISHES;
    this.width = null;
    this.copied = false;
    this.token = null;
  }

  protected override createRenderRoot() {
    // In the page itself: its styles are this dialog's.
    return this;
  }

  /** @returns when it is closed; the focus goes back to where it was */
  async open(): Promise<void> {
    document.body.append(this);
    await this.updateComplete;
    const dialog = this.querySelector('dialog');
    dialog?.showModal();
    await new Promise((resolve) => dialog?.addEventListener('close', resolve, { once: true }));
    this.remove();
  }

  override render() {
    const { embedded } = this;
    if (embedded === null) return nothing;
    const address = embedAddress(location.origin, embedded.id, this.wishes, this.token);
    const text = this.#snippet(embedded, address);
    return html`
      <dialog class="embedding" aria-labelledby="embed-title">
        <form class="fields" method="dialog">
          <h2 id="embed-title">Put it on your site</h2>
          <div class="preview" style="aspect-ratio:${embedded.size.width}/${embedded.size.height}">
            <iframe src=${address} title="How it will look" allow=${FRAME_MAY}></iframe>
          </div>
          <fieldset>
            <legend>How it behaves</legend>
            ${SWITCHES.map(([name, words]) => this.#switch(name, words, embedded))}
          </fieldset>
          ${embedded.stored ? this.#startField() : nothing} ${this.#widthField()}
          <embed-rights .thing=${embedded} @grant=${(event: CustomEvent<PlaybackGrant | null>) => this.#take(event)}></embed-rights>
          <label>Paste this into your page
            <textarea readonly rows="4" spellcheck="false" .value=${text} @focus=${selectAll}></textarea>
          </label>
          <div class="actions">
            <button class="button">Close</button>
            <button class="button strong" type="button" @click=${() => void this.#copy(text)}>
              ${this.copied ? 'Copied' : 'Copy'}
            </button>
            <span class="visually-hidden" role="status">${this.copied ? 'The code was copied.' : ''}</span>
          </div>
        </form>
      </dialog>
    `;
  }

  #snippet({ title, size }: Embedded, url: string): string {
    const width = this.width ?? size.width;
    const height = Math.round((width * size.height) / size.width);
    return embedSnippet({ url, title, width, height, responsive: this.width === null });
  }

  #switch(name: (typeof SWITCHES)[number][0], words: string, { stored }: Embedded) {
    if (name === 'loop' && !stored) return nothing;
    const change = ({ currentTarget }: Event) => {
      if (!(currentTarget instanceof HTMLInputElement)) return;
      this.wishes = { ...this.wishes, [name]: currentTarget.checked };
      this.copied = false;
    };
    return html`
      <label class="switch">
        <input type="checkbox" .checked=${this.wishes[name]} @change=${change} /> ${words}
      </label>
    `;
  }

  #startField() {
    const change = ({ currentTarget }: Event) => {
      if (currentTarget instanceof HTMLInputElement) {
        this.wishes = { ...this.wishes, start: currentTarget.value };
      }
    };
    return html`
      <label>Begin at
        <input name="start" placeholder="0:00" .value=${this.wishes.start} @change=${change} />
      </label>
    `;
  }

  #widthField() {
    const change = ({ currentTarget }: Event) => {
      if (!(currentTarget instanceof HTMLSelectElement)) return;
      this.width = currentTarget.value === '' ? null : Number(currentTarget.value);
    };
    return html`
      <label>Width
        <select @change=${change}>
          <option value="">As wide as there is room</option>
          ${WIDTHS.map((width) => html`<option value=${width}>${width} pixels</option>`)}
        </select>
      </label>
    `;
  }

  #take({ detail }: CustomEvent<PlaybackGrant | null>): void {
    this.token = detail?.token ?? null;
    this.copied = false;
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = true;
    } catch (error) {
      // Without HTTPS the browser does not let us: it stands there to be copied by hand.
      console.debug('sfumato: copy', error);
      this.querySelector('textarea')?.select();
    }
  }
}

function selectAll({ currentTarget }: Event): void {
  if (currentTarget instanceof HTMLTextAreaElement) currentTarget.select();
}

if (!customElements.get('sfumato-embed-dialog')) {
  customElements.define('sfumato-embed-dialog', EmbedDialog);
}

/** Opens it. @returns when it is closed */
export async function showEmbedDialog(embedded: Embedded): Promise<void> {
  const dialog = new EmbedDialog();
  dialog.embedded = embedded;
  await dialog.open();
}
