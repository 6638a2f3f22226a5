import { html, nothing } from 'lit';
import { AdminElement } from '../admin/admin-element.ts';
import { siteOf } from './rules-draft.ts';

/** A list of sites, to be written one after the other. Says `change` when it is another one. */
export class SiteList extends AdminElement {
  static override properties = { sites: { attribute: false }, problemShown: { state: true } };
  declare sites: readonly string[];
  declare problemShown: string;

  constructor() {
    super();
    this.sites = [];
    this.problemShown = '';
  }

  override render() {
    return html`
      <ul class="sites" aria-label="Sites on the list">
        ${this.sites.map((site) => this.#line(site))}
      </ul>
      <div class="add-site">
        <label>A site, such as example.org
          <input type="text" inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="250"
            aria-describedby="site-problem" aria-invalid=${this.problemShown !== ''}
            @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
            @input=${() => this.#say('')} @change=${(event: Event) => this.#onChange(event)} />
        </label>
        <button class="button" type="button" @click=${() => this.#add()}>Add</button>
      </div>
      <p class="problem" id="site-problem" role="alert">${this.problemShown || nothing}</p>
    `;
  }

  #line(site: string) {
    return html`
      <li>
        <span>${site}</span>
        <button class="button small" type="button" aria-label="Take off: ${site}" @click=${() => this.#remove(site)}>Take off</button>
      </li>
    `;
  }

  /** It adds, and does not send the form around it. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    this.#add();
  }

  /** The field's own, when it is left: what was typed is meant. Those of the list go on. */
  #onChange(event: Event): void {
    event.stopPropagation();
    this.#add();
  }

  #add(): void {
    const input = this.querySelector('input');
    if (input === null || input.value.trim() === '') return;
    const typed = siteOf(input.value);
    if ('problem' in typed) return this.#say(typed.problem);
    input.value = '';
    this.#become([...new Set([...this.sites, typed.site])]);
  }

  #remove(site: string): void {
    this.#become(this.sites.filter((one) => one !== site));
    // What had the focus is gone.
    this.querySelector('input')?.focus();
  }

  #become(sites: readonly string[]): void {
    this.sites = sites;
    this.#say('');
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #say(problem: string): void {
    this.problemShown = problem;
  }
}

if (!customElements.get('site-list')) customElements.define('site-list', SiteList);
