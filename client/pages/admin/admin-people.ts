import { html, nothing } from 'lit';
import {
  type AccountInfo,
  type Role,
  ROLES,
  roleSchema,
} from '../../../signaling/contract/index.ts';
import { AdminElement, field } from './admin-element.ts';
import { ask } from './admin-parts.ts';
import { deleteAccount, listAccounts, updateAccount } from './people-api.ts';
import { agoWords, ROLE_SENTENCES, ROLE_WORDS } from './people-words.ts';
import type { Session } from '../session.ts';

/** Who has an account here, and what they may do. */
export class AdminPeople extends AdminElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  #accounts: AccountInfo[] | null = null;
  /** Whose role is being changed. */
  #edited: string | null = null;
  /** Whose logins are shown. */
  readonly #opened = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.load());
  }

  override render() {
    return html`
      <h1>People</h1>
      ${this.problem()}
      <ul class="list" aria-label="Accounts">
        ${(this.#accounts ?? []).map((account) => html`<li class="panel">${this.#account(account)}</li>`)}
      </ul>
      <admin-invitations></admin-invitations>
    `;
  }

  #account(account: AccountInfo) {
    const { id, name, role, disabled, external, createdAt, lastSeenAt } = account;
    const isOwn = id === this.session.id;
    return html`
      <div class="line">
        <h2>${name}</h2>
        <span class="off">${ROLE_WORDS[role]}</span>
        ${disabled ? html`<span class="off danger">Disabled</span>` : nothing}
        ${isOwn ? html`<span class="quiet">This is you</span>` : nothing}
      </div>
      <p class="meta">
        <span>${lastSeenAt === null ? 'never seen' : `seen ${agoWords(lastSeenAt)}`}</span>
        <span>since ${agoWords(createdAt)}</span>
        ${external ? html`<span>signs in with ${this.session.signInWith ?? 'another service'}</span>` : nothing}
      </p>
      ${this.#edited === id ? this.#roleForm(account) : this.#actions(account, isOwn)}
      ${this.#opened.has(id) ? html`<admin-logins .accountId=${id} .whose=${name}></admin-logins>` : nothing}
    `;
  }

  #actions(account: AccountInfo, isOwn: boolean) {
    const { id, name, disabled } = account;
    const logins = html`<button class="button" aria-label="Logins of ${name}" aria-expanded=${this.#opened.has(id)} @click=${() => this.#toggle(id)}>Logins</button>`;
    if (isOwn) return html`<div class="actions">${logins}</div>`;
    return html`
      <div class="actions">
        <button class="button" aria-label="Change role of ${name}" ?disabled=${this.busy} @click=${() => this.#edit(id)}>Change role</button>
        ${logins}
        <button class="button" aria-label="${disabled ? 'Enable' : 'Disable'} ${name}" ?disabled=${this.busy} @click=${() => this.#switch(account)}>${disabled ? 'Enable' : 'Disable'}</button>
        <button class="button danger" aria-label="Delete ${name}" ?disabled=${this.busy} @click=${() => this.#delete(account)}>Delete</button>
      </div>
    `;
  }

  #roleForm({ id, name, role }: AccountInfo) {
    return html`
      <form class="row" @submit=${(event: SubmitEvent) => this.#save(event, id)}>
        <label class="wide">Role of ${name}${roleSelect(role)}</label>
        <div class="actions">
          <button class="button strong" ?disabled=${this.busy}>Save</button>
          <button class="button" type="button" @click=${() => this.#edit(null)}>Cancel</button>
        </div>
      </form>
    `;
  }

  async #save(event: SubmitEvent, id: string): Promise<void> {
    const role = roleSchema.parse(field(event, 'role'));
    await this.change(async () => {
      await updateAccount(id, { role });
      this.#edited = null;
    });
  }

  async #switch({ id, name, disabled }: AccountInfo): Promise<void> {
    const text = `“${name}” is logged out everywhere and cannot log in any more. API tokens of theirs end too. What they have put in stays.`;
    if (!disabled && !(await ask('Disable this account?', text, 'Disable'))) return;
    await this.change(() => updateAccount(id, { disabled: !disabled }));
  }

  async #delete({ id, name }: AccountInfo): Promise<void> {
    const text = `The account of “${name}” goes for good, with its logins and API tokens. What they have put into the library stays.`;
    if (!(await ask('Delete this account?', text, 'Delete for good'))) return;
    await this.change(() => deleteAccount(id));
  }

  #edit(id: string | null): void {
    this.#edited = id;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.list select')?.focus());
  }

  #toggle(id: string): void {
    if (!this.#opened.delete(id)) this.#opened.add(id);
    this.requestUpdate();
  }

  protected override async load(): Promise<void> {
    this.#accounts = await listAccounts();
  }
}

/** A field `role` with what each may do. */
export function roleSelect(chosen: Role) {
  return html`
    <select name="role">
      ${ROLES.map((role) => html`<option value=${role} ?selected=${role === chosen} .selected=${role === chosen}>${ROLE_WORDS[role]}: ${ROLE_SENTENCES[role]}</option>`)}
    </select>
  `;
}
