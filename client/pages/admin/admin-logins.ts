import { html, nothing } from 'lit';
import type { LoginSession } from '../../../signaling/contract/index.ts';
import { AdminElement } from './admin-element.ts';
import { endLogin, listLogins } from './people-api.ts';
import { agoWords, deviceWords } from './people-words.ts';

/** Where somebody is logged in, to be ended there. */
export class AdminLogins extends AdminElement {
  static override properties = { accountId: { attribute: false }, whose: { attribute: false } };
  /** Whose; one's own where it is undefined. */
  declare accountId: string | undefined;
  /** Their name, for those who listen. */
  declare whose: string;
  #logins: LoginSession[] | null = null;

  constructor() {
    super();
    this.whose = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.lookAgain();
  }

  async lookAgain(): Promise<void> {
    await this.attempt(() => this.#load());
  }

  override render() {
    const logins = this.#logins;
    return html`
      ${this.problem()}
      ${logins?.length === 0 ? html`<p class="quiet">Logged in nowhere.</p>` : nothing}
      <ul class="lines" aria-label=${this.whose === '' ? 'Your logins' : `Logins of ${this.whose}`}>
        ${(logins ?? []).map((login) => this.#line(login))}
      </ul>
      ${this.#others.length > 1 ? html`<button class="button" type="button" ?disabled=${this.busy} @click=${() => this.#end(this.#others)}>${this.whose === '' ? 'End all others' : 'End them all'}</button>` : nothing}
    `;
  }

  #line(login: LoginSession) {
    const { userAgent, address, lastUsedAt, createdAt, current } = login;
    const device = deviceWords(userAgent);
    return html`
      <li class="line">
        <div class="grow">
          <strong>${device}</strong> ${current ? html`<span class="off">This one</span>` : nothing}
          <p class="meta">
            ${address === null ? nothing : html`<span>from ${address}</span>`}
            <span>used ${agoWords(lastUsedAt)}</span><span>since ${agoWords(createdAt)}</span>
          </p>
        </div>
        ${
          current
            ? nothing
            : html`<button class="button danger" type="button" aria-label="End the login in ${device}, used ${agoWords(lastUsedAt)}" ?disabled=${this.busy} @click=${() => this.#end([login])}>End</button>`
        }
      </li>
    `;
  }

  get #others(): LoginSession[] {
    return (this.#logins ?? []).filter(({ current }) => !current);
  }

  async #end(logins: readonly LoginSession[]): Promise<void> {
    await this.attempt(async () => {
      for (const { id } of logins) await endLogin(id);
      await this.#load();
    });
  }

  async #load(): Promise<void> {
    this.#logins = await listLogins(this.accountId);
  }
}
