import { html, nothing } from 'lit';
import { logIn } from '../api.ts';
import { AdminElement, field } from './admin-element.ts';
import { nameField } from './admin-fields.ts';

/** Logging in. Says `loggedin` when it is done. */
export class AdminSignIn extends AdminElement {
  static override properties = { signInWith: { attribute: false }, refusal: { attribute: false } };
  /** What the service is called with which people can sign in; null where there is none. */
  declare signInWith: string | null;
  /** Why signing in there did not work. */
  declare refusal: string;
  heading = 'Administer';

  constructor() {
    super();
    this.signInWith = null;
    this.refusal = '';
  }

  override render() {
    return html`
      <section class="panel narrow">
        <h1>${this.heading}</h1>
        ${this.signInWith === null ? nothing : this.#service(this.signInWith)}
        <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
          ${nameField()}
          <label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="256" /></label>
          ${this.problem()}
          <button class="button ${this.signInWith === null ? 'strong' : ''}" ?disabled=${this.busy}>Log in</button>
        </form>
        <p class="quiet">
          No account yet? An administrator here can send you an invitation. The first account is made with a link that
          the server prints when it is started.
        </p>
      </section>
    `;
  }

  #service(name: string) {
    const to = encodeURIComponent(location.pathname + location.search);
    return html`
      <p class="problem" role="alert">${this.refusal || nothing}</p>
      <p><a class="button strong" href="/api/v1/sign-in/oidc?to=${to}">Sign in with ${name}</a></p>
      <p class="or"><span>or with a password of this server</span></p>
    `;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    const [name, password] = [field(event, 'name'), field(event, 'password')];
    const done = await this.attempt(() => logIn(name, password));
    if (done) this.dispatchEvent(new Event('loggedin', { bubbles: true }));
    else this.querySelector<HTMLInputElement>('input[type=password]')?.select();
  }
}
