import { html } from 'lit';
import { setUp } from './admin-api.ts';
import { AdminElement, field } from './admin-element.ts';
import { nameField, newPasswordField } from './admin-fields.ts';

/** Making the first account, with the token of the set-up link. Says `loggedin` when it is done. */
export class AdminSetUp extends AdminElement {
  token = '';

  override render() {
    return html`
      <section class="panel narrow">
        <h1>Welcome</h1>
        <p>Make the account with which this server is administered.</p>
        <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
          ${nameField()} ${newPasswordField('Password')} ${this.problem()}
          <button class="button strong" ?disabled=${this.busy}>Make the account</button>
        </form>
      </section>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    const [name, password] = [field(event, 'name'), field(event, 'password')];
    const done = await this.attempt(() => setUp(this.token, name, password));
    if (done) this.dispatchEvent(new Event('loggedin', { bubbles: true }));
  }
}
