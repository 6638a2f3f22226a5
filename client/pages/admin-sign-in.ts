import { html } from 'lit';
import { setUp } from './admin-api.ts';
import { logIn } from './api.ts';
import { AdminElement, field } from './admin-element.ts';

/** The length that the server asks for. */
const PASSWORD_MIN = 12;

/** Logging in. Says `loggedin` when it is done. */
export class AdminSignIn extends AdminElement {
  heading = 'Administer';

  override render() {
    return html`
      <section class="panel narrow">
        <h1>${this.heading}</h1>
        <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
          <label>Name<input name="name" autocomplete="username" autocapitalize="none" required maxlength="64" /></label>
          <label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="256" /></label>
          ${this.problem()}
          <button class="button strong" ?disabled=${this.busy}>Log in</button>
        </form>
        <p class="quiet">
          No account yet? The server prints a link to make one when it is started.
        </p>
      </section>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    const [name, password] = [field(event, 'name'), field(event, 'password')];
    const done = await this.attempt(() => logIn(name, password));
    if (done) this.dispatchEvent(new Event('loggedin', { bubbles: true }));
    else this.querySelector<HTMLInputElement>('input[type=password]')?.select();
  }
}

/** Making the first account, with the token of the set-up link. Says `loggedin` when it is done. */
export class AdminSetUp extends AdminElement {
  token = '';

  override render() {
    return html`
      <section class="panel narrow">
        <h1>Welcome</h1>
        <p>Make the account with which this server is administered.</p>
        <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
          <label>Name<input name="name" autocomplete="username" autocapitalize="none" required maxlength="64" /></label>
          <label>Password
            <input name="password" type="password" autocomplete="new-password" required
              minlength=${PASSWORD_MIN} maxlength="256" aria-describedby="password-rule" />
          </label>
          <p class="quiet" id="password-rule">At least ${PASSWORD_MIN} characters. A few words are better than odd signs.</p>
          ${this.problem()}
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
