import { html, type TemplateResult } from 'lit';
import type { Collection, Visibility } from '../../signaling/contract/index.ts';
import { VISIBILITIES } from '../../signaling/contract/index.ts';
import { AdminElement } from './admin-element.ts';
import { flat, treeOf } from './library-tree.ts';
import { VISIBILITY_WORDS } from './library-words.ts';

/** A form in a `<dialog>`, there from `open()` until it is closed; the focus goes back to where it was. */
export abstract class LibraryDialog extends AdminElement {
  protected abstract readonly heading: string;
  protected abstract content(): TemplateResult;
  /** @returns whether everything is done */
  protected abstract save(data: FormData): Promise<void>;

  /** @returns when it is closed */
  async open(): Promise<void> {
    document.body.append(this);
    await this.updateComplete;
    this.#dialog?.showModal();
    await new Promise((resolve) =>
      this.#dialog?.addEventListener('close', resolve, { once: true }),
    );
    this.remove();
  }

  override render() {
    return html`
      <dialog class="editing" aria-labelledby="dialog-title">
        <form class="fields" @submit=${(event: SubmitEvent) => this.#submit(event)}>
          <h2 id="dialog-title">${this.heading}</h2>
          ${this.content()} ${this.problem()}
        </form>
      </dialog>
    `;
  }

  protected close(): void {
    this.#dialog?.close();
  }

  protected buttons(action: string, further: TemplateResult | '' = '') {
    return html`
      <div class="actions">
        ${further}
        <button class="button" type="button" @click=${() => this.close()}>Cancel</button>
        <button class="button strong" ?disabled=${this.busy}>${action}</button>
      </div>
    `;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector('dialog');
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { currentTarget } = event;
    if (!(currentTarget instanceof HTMLFormElement)) return;
    const data = new FormData(currentTarget);
    if (await this.attempt(() => this.save(data))) this.close();
  }
}

/** What a form's field says. */
export function said(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}

/** @param none what the choice of none of them is called, where there is one */
export function visibilityField(chosen: Visibility | '', none?: string) {
  const choices = VISIBILITIES.map((name) => [name, VISIBILITY_WORDS[name]] as const);
  return html`
    <label>Who sees it
      <select name="visibility">
        ${none === undefined ? '' : html`<option value="">${none}</option>`}
        ${choices.map(([name, words]) => html`<option value=${name} ?selected=${name === chosen}>${words} — ${EXPLAINED[name]}</option>`)}
      </select>
    </label>
  `;
}

const EXPLAINED: Record<Visibility, string> = {
  public: 'everybody, in lists and searches',
  unlisted: 'whoever has its address',
  private: 'you and administrators',
};

export function isVisibility(text: string): text is Visibility {
  return VISIBILITIES.some((name) => name === text);
}

/** All collections as they are inside of each other. */
export function collectionField(
  label: string,
  name: string,
  {
    collections,
    chosen,
    none,
  }: { collections: readonly Collection[]; chosen: string; none: string },
) {
  return html`
    <label>${label}
      <select name=${name}>
        <option value="">${none}</option>
        ${flat(treeOf(collections)).map(
          ({ collection: { id, title }, depth }) =>
            html`<option value=${id} ?selected=${id === chosen}>${'\u2003'.repeat(depth)}${title}</option>`,
        )}
      </select>
    </label>
  `;
}
