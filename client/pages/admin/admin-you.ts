import { html } from 'lit';
import { AdminElement } from './admin-element.ts';
import type { AdminLogins } from './admin-logins.ts';
import { ROLE_SENTENCES, ROLE_WORDS } from './people-words.ts';
import type { Session } from '../session.ts';

/** What everybody has here: what they may do, their password, and where they are logged in. */
export class AdminYou extends AdminElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;

  override render() {
    const { name, role } = this.session;
    return html`
      <h1>${name}</h1>
      <p class="quiet">${role === null ? 'You are logged in.' : `${ROLE_WORDS[role]}: ${ROLE_SENTENCES[role]}.`}</p>
      <div class="stack" @loginschange=${() => this.#lookAgain()}>
        <admin-password .session=${this.session}></admin-password>
        <section class="panel" aria-labelledby="own-logins">
          <h2 id="own-logins">Where you are logged in</h2>
          <admin-logins></admin-logins>
        </section>
      </div>
    `;
  }

  #lookAgain(): void {
    const logins: AdminLogins | null = this.querySelector('admin-logins');
    void logins?.lookAgain();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-logins': AdminLogins;
  }
}
