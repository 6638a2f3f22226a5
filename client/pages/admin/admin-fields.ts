import { html } from 'lit';

/** The length that the server asks for. */
const PASSWORD_MIN = 12;

export function nameField() {
  return html`
    <label>Name<input name="name" autocomplete="username" autocapitalize="none" required maxlength="64" /></label>
  `;
}

/** A password that is chosen now, with what is asked of it. */
export function newPasswordField(label: string) {
  return html`
    <label>${label}
      <input name="password" type="password" autocomplete="new-password" required
        minlength=${PASSWORD_MIN} maxlength="256" aria-describedby="password-rule" />
    </label>
    <p class="quiet" id="password-rule">At least ${PASSWORD_MIN} characters. A few words are better than odd signs.</p>
  `;
}
