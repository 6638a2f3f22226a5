import { html, nothing } from 'lit';
import { type Invitation, roleSchema } from '../../../signaling/contract/index.ts';
import { AdminElement, field } from './admin-element.ts';
import { ask, copyField } from './admin-parts.ts';
import { roleSelect } from './admin-people.ts';
import { invitationLink } from './invitation-link.ts';
import { invite, listInvitations, takeBackInvitation } from './people-api.ts';
import { ROLE_WORDS, untilWords } from './people-words.ts';

const DAY_S = 86_400;
const EXPIRIES = [
  [1, 'A day'],
  [7, 'A week'],
  [30, '30 days'],
] as const;

type Made = { note: string; link: string };

/** Links with which others make their accounts. */
export class AdminInvitations extends AdminElement {
  #invitations: Invitation[] = [];
  #made: Made | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.load());
  }

  override render() {
    return html`
      <section aria-labelledby="invitations">
        <h2 class="big" id="invitations">Invitations</h2>
        ${this.problem()}
        <ul class="list" aria-label="Open invitations">
          ${this.#invitations.map((one) => html`<li class="panel line">${this.#invitation(one)}</li>`)}
        </ul>
        ${this.#made === null ? nothing : this.#madePanel(this.#made)} ${this.#form()}
      </section>
    `;
  }

  #invitation({ id, role, note, createdBy, expiresAt }: Invitation) {
    const whom = note === '' ? 'somebody' : note;
    return html`
      <div class="grow">
        <strong>For ${whom}</strong>
        <p class="meta"><span>${ROLE_WORDS[role]}</span><span>good ${untilWords(expiresAt)}</span><span>by ${createdBy}</span></p>
      </div>
      <button class="button danger" aria-label="Take back the invitation for ${whom}" ?disabled=${this.busy} @click=${() => this.#takeBack(id, whom)}>Take back</button>
    `;
  }

  #madePanel({ note, link }: Made) {
    return html`
      <div class="shown-once" role="group" aria-label="The new invitation" tabindex="-1">
        <p><strong>Send this link${note === '' ? '' : ` to ${note}`}.</strong> It is shown this once, and is good for one account.</p>
        ${copyField('Invitation', link)}
        <button class="button" type="button" @click=${() => this.#forget()}>I have it</button>
      </div>
    `;
  }

  #form() {
    return html`
      <section class="panel" aria-labelledby="new-invitation">
        <h2 id="new-invitation">Invite somebody</h2>
        <form class="row" @submit=${(event: SubmitEvent) => this.#invite(event)}>
          <label class="wide">For whom, as a reminder<input name="note" maxlength="120" autocomplete="off" /></label>
          <label class="wide">Their role${roleSelect('viewer')}</label>
          <label>The link is good for
            <select name="days">${EXPIRIES.map(([days, words]) => html`<option value=${days} ?selected=${days === 7}>${words}</option>`)}</select>
          </label>
          <button class="button strong" ?disabled=${this.busy}>Make the link</button>
        </form>
      </section>
    `;
  }

  async #invite(event: SubmitEvent): Promise<void> {
    const note = field(event, 'note').trim();
    const role = roleSchema.parse(field(event, 'role'));
    const expiresInSeconds = Number(field(event, 'days')) * DAY_S;
    const form = event.currentTarget;
    const done = await this.change(async () => {
      const token = await invite({ role, note, expiresInSeconds });
      this.#made = { note, link: invitationLink(location.origin, token) };
    });
    if (!done) return;
    if (form instanceof HTMLFormElement) form.reset();
    await this.updateComplete;
    this.querySelector<HTMLElement>('.shown-once')?.focus();
  }

  async #takeBack(id: string, whom: string): Promise<void> {
    const text = `The link that was sent to ${whom} makes no account any more.`;
    if (!(await ask('Take this invitation back?', text, 'Take back'))) return;
    await this.change(() => takeBackInvitation(id));
  }

  #forget(): void {
    this.#made = null;
    this.requestUpdate();
  }

  protected override async load(): Promise<void> {
    this.#invitations = await listInvitations();
  }
}
