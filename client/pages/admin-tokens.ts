import { html, nothing } from 'lit';
import { type ApiToken, createToken, listTokens, revokeToken } from './admin-api.ts';
import { AdminElement, field } from './admin-element.ts';
import { ask, copyField } from './admin-parts.ts';
import { dayWords } from './admin-words.ts';

const SCOPES = [
  ['channels:read', 'See how Channels are set'],
  ['channels:write', 'Create, change and delete Channels, and make their keys'],
  ['library:read', 'See everything in the library that is not private, and how it was made'],
  ['library:write', 'Put things into the library, and change and delete those'],
  ['admin', 'Everything, API tokens too'],
] as const;

/** Tokens with which programs use the API. */
export class AdminTokens extends AdminElement {
  #tokens: ApiToken[] = [];
  #made: { name: string; token: string } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.#load());
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

  #token({ id, name, scopes, createdAt }: ApiToken) {
    return html`
      <div class="grow">
        <h2>${name}</h2>
        <p class="meta"><span>${scopes.join(', ')}</span><span>since ${dayWords(createdAt)}</span></p>
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
        <form @submit=${(event: SubmitEvent) => this.#create(event)}>
          <label>What it is for<input name="name" required maxlength="64" autocomplete="off" /></label>
          <fieldset>
            <legend>What it may do</legend>
            ${SCOPES.map(
              ([scope, words]) => html`
                <label class="choice">
                  <input type="radio" name="scope" value=${scope} required />
                  <span>${words}</span>
                </label>
              `,
            )}
          </fieldset>
          <button class="button strong" ?disabled=${this.busy}>Make the token</button>
        </form>
      </section>
    `;
  }

  async #create(event: SubmitEvent): Promise<void> {
    const [name, scope] = [field(event, 'name'), field(event, 'scope')];
    const form = event.currentTarget;
    const done = await this.#change(async () => {
      this.#made = { name, token: await createToken(name, [scope]) };
    });
    if (!done) return;
    if (form instanceof HTMLFormElement) form.reset();
    await this.updateComplete;
    this.querySelector<HTMLElement>('.shown-once')?.focus();
  }

  async #revoke(id: string, name: string): Promise<void> {
    const text = `Programs that use “${name}” are refused from now on.`;
    if (!(await ask('Revoke this API token?', text, 'Revoke'))) return;
    await this.#change(() => revokeToken(id));
  }

  #forget(): void {
    this.#made = null;
    this.requestUpdate();
  }

  #change(work: () => Promise<void>): Promise<boolean> {
    return this.attempt(async () => {
      await work();
      await this.#load();
    });
  }

  async #load(): Promise<void> {
    this.#tokens = await listTokens();
  }
}
