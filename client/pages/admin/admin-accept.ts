import { html, nothing } from 'lit';
import { AdminElement, field } from './admin-element.ts';
import { nameField, newPasswordField } from './admin-fields.ts';
import { acceptInvitation } from './people-api.ts';

/** Making the account that one was invited to. Says `loggedin` when it is done, `decline` where it is not wanted. */
export class AdminAccept extends AdminElement {
  static override properties = { token: { attribute: false }, loggedInAs: { attribute: false } };
  declare token: string;
  /** Who is logged in here already; null for nobody. */
  declare loggedInAs: string | null;

  constructor() {
    super();
    this.token = '';
    this.loggedInAs = null;
  }

  override render() {
    const { loggedInAs } = this;
    return html`
      <section class="panel narrow">
        <h1>You are invited</h1>
        <p>Choose the name and the password with which you log in here.</p>
        ${
          loggedInAs === null
            ? nothing
            : html`<p class="quiet">${loggedInAs} is logged in here now; the new account takes that place in this browser.</p>`
        }
        <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
          ${nameField()} ${newPasswordField('Password')} ${this.problem()}
          <div class="actions">
            <button class="button strong" ?disabled=${this.busy}>Make my account</button>
            <button class="button" type="button" @click=${() => this.#decline()}>${loggedInAs === null ? 'I have an account' : 'Not now'}</button>
          </div>
        </form>
      </section>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    const [name, password] = [field(event, 'name'), field(event, 'password')];
    const done = await this.attempt(() => acceptInvitation(this.token, name, password));
    if (done) this.dispatchEvent(new Event('loggedin', { bubbles: true }));
  }

  #decline(): void {
    this.dispatchEvent(new Event('decline', { bubbles: true }));
  }
}
