import { html, nothing } from 'lit';
import { type ApiToken, createToken, listTokens, revokeToken } from './admin-api.ts';
import { AdminElement, field } from './admin-element.ts';
import { ask, copyField } from './admin-parts.ts';
import { agoWords, untilWords } from './people-words.ts';
import type { Session } from '../session.ts';
import { scopesFor } from './token-scopes.ts';

const DAY_S = 86_400;
const EXPIRIES = [
  ['7', 'A week'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'A year'],
  ['', 'Until it is revoked'],
] as const;

/** Tokens with which programs use the API. */
export class AdminTokens extends AdminElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  #tokens: ApiToken[] = [];
  #made: { name: string; token: string } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.load());
  }

  override render() {
    return html`
      <section aria-labelledby="api-tokens">
        <h1 id="api-tokens">API tokens</h1>
        <p class="quiet">For programs that use <a href="/api/openapi.json">the API</a> without logging in.</p>
        ${this.problem()}
        <ul class="list">
          ${this.#tokens.map((token) => html`<li class="panel line">${this.#token(token)}</li>`)}
        </ul>
        ${this.#made === null ? nothing : this.#madePanel(this.#made)}
        ${this.#newToken()}
      </section>
    `;
  }

  #token({ id, name, scopes, createdAt, expiresAt, lastUsedAt, owner }: ApiToken) {
    return html`
      <div class="grow">
        <h2>${name}</h2>
        <p class="meta">
          <span>${scopes.join(', ')}</span>
          ${owner === null || owner.id === this.session.id ? nothing : html`<span>of ${owner.name}</span>`}
          <span>made ${agoWords(createdAt)}</span>
          <span>${lastUsedAt === null ? 'never used' : `used ${agoWords(lastUsedAt)}`}</span>
          <span>${expiresAt === null ? 'good until it is revoked' : `good ${untilWords(expiresAt)}`}</span>
        </p>
      </div>
      <button class="button danger" aria-label="Revoke ${name}" ?disabled=${this.busy} @click=${() => this.#revoke(id, name)}>Revoke</button>
    `;
  }

  #madePanel({ name, token }: { name: string; token: string }) {
    return html`
      <div class="shown-once" role="group" aria-label="The new API token" tabindex="-1">
        <p><strong>Keep the token of “${name}” now.</strong> It is shown this once.</p>
        ${copyField('API token', token)}
        <button class="button" type="button" @click=${() => this.#forget()}>I have kept it</button>
      </div>
    `;
  }

  #newToken() {
    return html`
      <section class="panel" aria-labelledby="new-token">
        <h2 id="new-token">New API token</h2>
        <form @submit=${(event: SubmitEvent) => this.#create(event)} @change=${lookAtScopes}>
          <label>What it is for<input name="name" required maxlength="64" autocomplete="off" /></label>
          <fieldset>
            <legend>What it may do</legend>
            ${scopesFor(this.session).map(
              ({ scope, words }) => html`
                <label class="choice">
                  <input type="checkbox" name="scope" value=${scope} />
                  <span>${words}</span>
                </label>
              `,
            )}
          </fieldset>
          <label>It is good for
            <select name="days">${EXPIRIES.map(([days, words]) => html`<option value=${days} ?selected=${days === '90'}>${words}</option>`)}</select>
          </label>
          <button class="button strong" ?disabled=${this.busy} @click=${lookAtScopes}>Make the token</button>
        </form>
      </section>
    `;
  }

  async #create(event: SubmitEvent): Promise<void> {
    const [name, days] = [field(event, 'name'), field(event, 'days')];
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const scopes = scopesIn(form).flatMap(({ checked, value }) => (checked ? [value] : []));
    const expiry = days === '' ? {} : { expiresInSeconds: Number(days) * DAY_S };
    const done = await this.change(async () => {
      this.#made = { name, token: await createToken({ name, scopes, ...expiry }) };
    });
    if (!done) return;
    form.reset();
    await this.updateComplete;
    this.querySelector<HTMLElement>('.shown-once')?.focus();
  }

  async #revoke(id: string, name: string): Promise<void> {
    const text = `Programs that use “${name}” are refused from now on.`;
    if (!(await ask('Revoke this API token?', text, 'Revoke'))) return;
    await this.change(() => revokeToken(id));
  }

  #forget(): void {
    this.#made = null;
    this.requestUpdate();
  }

  protected override async load(): Promise<void> {
    this.#tokens = await listTokens();
  }
}

function scopesIn(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>('input[name=scope]')];
}

/** One at least: checkboxes have no such rule of their own. */
function lookAtScopes({ currentTarget }: Event): void {
  const form = currentTarget instanceof HTMLButtonElement ? currentTarget.form : currentTarget;
  if (!(form instanceof HTMLFormElement)) return;
  const all = scopesIn(form);
  const words = all.some(({ checked }) => checked) ? '' : 'Choose what it may do.';
  all[0]?.setCustomValidity(words);
}
