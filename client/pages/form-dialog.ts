import { html, type TemplateResult } from 'lit';
import { AdminElement } from './admin/admin-element.ts';

/** A form in a `<dialog>`, there from `open()` until it is closed; the focus goes back to where it was. */
export abstract class FormDialog extends AdminElement {
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
      <dialog class="editing" aria-label=${this.heading}>
        <form class="fields" @submit=${(event: SubmitEvent) => this.#submit(event)}>
          <h2>${this.heading}</h2>
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
