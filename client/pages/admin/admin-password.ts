import { html, nothing } from 'lit';
import { AdminElement, field } from './admin-element.ts';
import { newPasswordField } from './admin-fields.ts';
import { changePassword } from './people-api.ts';
import type { Session } from '../session.ts';

/** One's own password. */
export class AdminPassword extends AdminElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  #said = '';

  override render() {
    const { external, signInWith } = this.session;
    return html`
      <section class="panel" aria-labelledby="own-password">
        <h2 id="own-password">Your password</h2>
        ${
          external
            ? html`<p class="quiet">You sign in with ${signInWith ?? 'another service'}: your password is kept and changed there.</p>`
            : this.#form()
        }
      </section>
    `;
  }

  #form() {
    return html`
      <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
        <input hidden name="name" autocomplete="username" readonly .value=${this.session.name ?? ''} />
        <label>Present password<input name="present" type="password" autocomplete="current-password" required maxlength="256" /></label>
        ${newPasswordField('New password')} ${this.problem()}
        <div class="actions">
          <button class="button" ?disabled=${this.busy}>Change it</button>
          <span role="status">${this.#said || nothing}</span>
        </div>
      </form>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    const [present, password] = [field(event, 'present'), field(event, 'password')];
    const form = event.currentTarget;
    this.#said = '';
    await this.attempt(async () => {
      await changePassword(present, password);
      this.#said = 'Your password is changed. You were logged out everywhere else.';
      if (form instanceof HTMLFormElement) form.reset();
    });
    if (this.#said !== '') this.dispatchEvent(new Event('loginschange', { bubbles: true }));
  }
}
