import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { Refused } from '../api.ts';

/** A part of the page, drawn into the page itself so that its style is the page's. */
export abstract class AdminElement extends LitElement {
  /** Something was asked of the server and is not answered yet. */
  protected busy = false;
  #problem: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Reads what there is to show, where that is something that can change. */
  protected async load(): Promise<void> {}

  /** As `attempt`, and then shows what there is now. */
  protected change(work: () => Promise<void>): Promise<boolean> {
    return this.attempt(async () => {
      await work();
      await this.load();
    });
  }

  /** Does one thing at a time; what goes wrong is said in words. @returns whether it went well */
  protected async attempt(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.#set(true, null);
    try {
      await work();
      this.#set(false, null);
      return true;
    } catch (error) {
      this.#set(false, this.#wordsFor(error));
      return false;
    }
  }

  protected problem(): TemplateResult {
    const text = this.#problem;
    return html`<p class="problem" role="alert">${text === null ? nothing : text}</p>`;
  }

  #set(busy: boolean, problem: string | null): void {
    this.busy = busy;
    this.#problem = problem;
    this.requestUpdate();
  }

  #wordsFor(error: unknown): string {
    if (!(error instanceof Refused)) {
      console.warn('sfumato: admin', error);
      return 'The server cannot be reached. Please try again.';
    }
    if (error.code === 'unauthorized') {
      this.dispatchEvent(new Event('notloggedin', { bubbles: true }));
    }
    return error.message;
  }
}

/** A form's field as text. */
export function field(event: SubmitEvent, name: string): string {
  event.preventDefault();
  const { currentTarget } = event;
  if (!(currentTarget instanceof HTMLFormElement)) return '';
  const value = new FormData(currentTarget).get(name);
  return typeof value === 'string' ? value : '';
}
