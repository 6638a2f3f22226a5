import { html, nothing } from 'lit';
import type { AuditEntry } from '../../../signaling/contract/index.ts';
import { AdminElement } from './admin-element.ts';
import { AUDIT_FILTERS, auditWords, detailWords, momentWords } from './audit-words.ts';
import { listAudit } from './people-api.ts';

/** What was done that changes who may do what, or takes something away: the last first. */
export class AdminAudit extends AdminElement {
  #entries: AuditEntry[] | null = null;
  #cursor: string | null = null;
  #filter = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#find('');
  }

  override render() {
    const entries = this.#entries;
    return html`
      <h1>Log</h1>
      <p class="quiet">Who changed what others may do, or took something away. Nobody can change what stands here.</p>
      <div class="line filter">
        <label>Show
          <select name="action" @change=${(event: Event) => this.#choose(event)}>
            ${AUDIT_FILTERS.map(([value, words]) => html`<option value=${value} .selected=${value === this.#filter}>${words}</option>`)}
          </select>
        </label>
      </div>
      ${this.problem()}
      <p class="visually-hidden" role="status">${entries === null ? '' : `${entries.length} entries shown.`}</p>
      ${entries?.length === 0 ? html`<p class="quiet">There is nothing of this kind.</p>` : nothing}
      <ol class="lines panel" aria-label="What was done" ?hidden=${entries === null || entries.length === 0}>
        ${(entries ?? []).map((entry) => this.#line(entry))}
      </ol>
      ${this.#cursor === null ? nothing : html`<button class="button" ?disabled=${this.busy} @click=${() => this.#more()}>Show earlier ones</button>`}
    `;
  }

  #line(entry: AuditEntry) {
    const { at, address } = entry;
    const details = detailWords(entry);
    return html`
      <li tabindex="-1">
        <span>${auditWords(entry)}</span>
        <p class="meta">
          <time datetime=${at}>${momentWords(at)}</time>
          ${address === null ? nothing : html`<span>from ${address}</span>`}
          ${details === '' ? nothing : html`<span>${details}</span>`}
        </p>
      </li>
    `;
  }

  #choose({ currentTarget }: Event): void {
    if (currentTarget instanceof HTMLSelectElement) void this.#find(currentTarget.value);
  }

  async #find(filter: string): Promise<void> {
    this.#filter = filter;
    await this.attempt(async () => {
      const { entries, cursor } = await listAudit(filter);
      this.#entries = entries;
      this.#cursor = cursor;
    });
  }

  /** The first of the new ones gets the focus: the button may be gone. */
  async #more(): Promise<void> {
    const cursor = this.#cursor;
    const before = this.#entries ?? [];
    if (cursor === null) return;
    await this.attempt(async () => {
      const page = await listAudit(this.#filter, cursor);
      this.#entries = [...before, ...page.entries];
      this.#cursor = page.cursor;
    });
    await this.updateComplete;
    this.querySelectorAll<HTMLElement>('.lines > li')[before.length]?.focus();
  }
}
