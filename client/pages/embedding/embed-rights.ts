/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import '../rules/site-list.ts';
import { html, nothing } from 'lit';
import type { PlaybackGrant } from '../../../signaling/contract/index.ts';
import { AdminElement } from '../admin/admin-element.ts';
import { copyField } from '../admin/admin-parts.ts';
import { whoLooks } from '../api.ts';
import type { Embedded } from './embed-dialog.ts';
import { EXPIRIES, needsToken, rightsWords, sitesAllowedWords } from './embed-rights-words.ts';
import { untilWords } from '../admin/people-words.ts';
import {
  type IssuedToken,
  issuePlaybackToken,
  listPlaybackTokens,
  revokePlaybackToken,
} from './playback-api.ts';
import { getRules, type RulesAnswer } from '../rules/rules-api.ts';
import { NOBODY, type Session } from '../session.ts';
import type { SiteList } from '../rules/site-list.ts';

type Grant = PlaybackGrant | null;

/**
 * What a player on another site needs beside its address: says so, and makes links with a token where whoever looks
 * may. Says `grant` (a CustomEvent of PlaybackGrant, or null) when the one to be used is another.
 */
export class EmbedRights extends AdminElement {
  static override properties = { thing: { attribute: false } };
  declare thing: Pick<Embedded, 'id' | 'title' | 'stored' | 'visibility'>;
  #session: Session = NOBODY;
  /** null where whoever looks may not see them. */
  #rules: RulesAnswer | null = null;
  #issued: IssuedToken[] = [];
  #grant: Grant = null;
  #sites: readonly string[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.#load());
  }

  override render() {
    const visibility = this.#rules?.visibility ?? this.thing.visibility;
    if (visibility === undefined) return nothing;
    const { mayIssue } = this.#session;
    const words = [rightsWords(visibility, mayIssue), sitesAllowedWords(this.#rules)];
    const said = words.filter(Boolean).join(' ');
    return html`
      ${said === '' ? nothing : html`<p class="rights-note">${said}</p>`}
      ${this.problem()} ${mayIssue && needsToken(visibility) ? this.#tokens() : nothing}
    `;
  }

  #tokens() {
    return html`
      <fieldset class="tokens" @keydown=${(event: KeyboardEvent) => this.#onKey(event)}>
        <legend>A link with a token</legend>
        <label>It is good for
          <select name="expiry">${EXPIRIES.map(([seconds, words]) => html`<option value=${seconds} ?selected=${seconds === 3600}>${words}</option>`)}</select>
        </label>
        <label>For whom, as a reminder
          <input name="subject" maxlength="120" autocomplete="off" />
        </label>
        <details>
          <summary>Only on some sites</summary>
          <site-list .sites=${this.#sites} @change=${(event: Event) => this.#onSites(event)}></site-list>
        </details>
        <button class="button" type="button" ?disabled=${this.busy} @click=${() => this.#issue()}>Make the link</button>
        ${this.#grant === null ? nothing : this.#made(this.#grant)}
        ${this.#issued.length === 0 ? nothing : this.#list()}
      </fieldset>
    `;
  }

  #made({ token, expiresAt }: PlaybackGrant) {
    const link = `${location.origin}/watch/${this.thing.id}?token=${token}`;
    return html`
      <div class="made" role="group" aria-label="The new link" tabindex="-1">
        ${copyField('Link to watch', link)}
        <p class="quiet">Good ${untilWords(expiresAt)}. The code below has the token in it, too: whoever sees the page around it may watch.</p>
      </div>
    `;
  }

  #list() {
    return html`
      <p id="issued-title">Links that are good now</p>
      <ul class="issued" aria-labelledby="issued-title">
        ${this.#issued.map((token) => this.#line(token))}
      </ul>
    `;
  }

  #line({ id, subject, sites, expiresAt }: IssuedToken) {
    const whom = subject ?? 'somebody';
    const where = sites && sites.length > 0 ? `, on ${sites.join(', ')}` : '';
    return html`
      <li>
        <span>For ${whom}${where}, good ${untilWords(expiresAt)}</span>
        <button class="button small" type="button" aria-label="Take back the link for ${whom}" ?disabled=${this.busy} @click=${() => this.#revoke(id)}>Take back</button>
      </li>
    `;
  }

  /** The form around it is not sent by this. */
  #onKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (key !== 'Enter' || !(target instanceof HTMLInputElement) || event.defaultPrevented) return;
    event.preventDefault();
    void this.#issue();
  }

  #onSites({ currentTarget }: Event): void {
    const list: SiteList | null = this.querySelector('site-list');
    if (list !== null && list === currentTarget) this.#sites = list.sites;
  }

  async #issue(): Promise<void> {
    const subject = this.#field('subject').trim();
    const done = await this.attempt(async () => {
      const grant = await issuePlaybackToken({
        id: this.thing.id,
        expiresInSeconds: Number(this.#field('expiry')),
        ...(subject !== '' && { subject }),
        ...(this.#sites.length > 0 && { sites: this.#sites }),
      });
      this.#use(grant);
      this.#issued = await listPlaybackTokens(this.thing.id);
    });
    if (!done) return;
    await this.updateComplete;
    this.querySelector<HTMLElement>('.made')?.focus();
  }

  async #revoke(id: string): Promise<void> {
    await this.attempt(async () => {
      await revokePlaybackToken(id);
      if (this.#grant?.id === id) this.#use(null);
      this.#issued = await listPlaybackTokens(this.thing.id);
    });
    this.querySelector<HTMLElement>('select')?.focus();
  }

  #use(grant: Grant): void {
    this.#grant = grant;
    this.dispatchEvent(new CustomEvent('grant', { detail: grant }));
  }

  #field(name: string): string {
    return this.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${name}]`)?.value ?? '';
  }

  /** Nobody who is not logged in has to wait for what they may not see. */
  async #load(): Promise<void> {
    this.#session = await whoLooks();
    const { mayIssue, mayAdminister, mayWrite, mayChangeChannels } = this.#session;
    const { id, title, stored } = this.thing;
    const maySee = mayAdminister || (stored ? mayWrite : mayChangeChannels);
    if (!maySee) return;
    this.#rules = await getRules({ kind: stored ? 'assets' : 'channels', id, title });
    if (mayIssue && needsToken(this.#rules.visibility)) {
      this.#issued = await listPlaybackTokens(id);
    }
  }
}

if (!customElements.get('embed-rights')) customElements.define('embed-rights', EmbedRights);
