/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import './site-list.ts';
import { html, nothing, type PropertyValues } from 'lit';
import {
  type AccessRules,
  OPEN_RULES,
  VISIBILITIES,
  type Visibility,
} from '../../../signaling/contract/index.ts';
import { AdminElement } from '../admin/admin-element.ts';
import { ICONS } from '../library/library-icons.ts';
import { VISIBILITY_WORDS } from '../library/library-words.ts';
import {
  changesOf,
  draftOf,
  problemOf,
  type RulesChanges,
  type RulesDraft,
  type SitesChoice,
} from './rules-draft.ts';
import { sitesWords, VISIBILITY_SENTENCES } from './rules-words.ts';
import type { SiteList } from './site-list.ts';

const SITES_CHOICES: readonly SitesChoice[] = ['default', 'any', 'listed', 'none'];
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The fields of rules, in whatever form they stand: of one thing, or of what new ones begin with. */
export class RulesFields extends AdminElement {
  static override properties = {
    rules: { attribute: false },
    hasPassword: { attribute: false },
    defaultSites: { attribute: false },
    forNew: { attribute: false },
    draft: { state: true },
  };
  /** As they are. */
  declare rules: AccessRules;
  declare hasPassword: boolean;
  /** What sites may embed where nothing else is said; undefined where that is not known. */
  declare defaultSites: readonly string[] | undefined;
  /** What has no time and no password of its own: what new ones begin with. */
  declare forNew: boolean;
  declare draft: RulesDraft;

  constructor() {
    super();
    this.rules = OPEN_RULES;
    this.hasPassword = false;
    this.defaultSites = undefined;
    this.forNew = false;
    this.draft = draftOf(OPEN_RULES);
  }

  /** Why it cannot be kept so; null where it can. */
  get trouble(): string | null {
    return problemOf(this.draft, this.hasPassword);
  }

  get changes(): RulesChanges {
    return changesOf(this.rules, this.draft);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rules')) this.draft = draftOf(this.rules);
  }

  override render() {
    return html`
      ${this.#whoMayWatch()}
      ${this.draft.visibility === 'password' ? this.#password() : nothing}
      ${this.#sites()} ${this.#viewers()} ${this.forNew ? nothing : this.#times()}
    `;
  }

  #whoMayWatch() {
    const choices = VISIBILITIES.filter((name) => !this.forNew || name !== 'password');
    return html`
      <fieldset class="choices">
        <legend>Who may watch</legend>
        ${choices.map((name) => this.#visibility(name))}
      </fieldset>
    `;
  }

  #visibility(name: Visibility) {
    return html`
      <label class="choice">
        <input type="radio" name="visibility" value=${name} .checked=${this.draft.visibility === name}
          @change=${() => this.#edit({ visibility: name })} />
        <span class="sign">${ICONS[name]}</span>
        <span><strong>${VISIBILITY_WORDS[name]}</strong> <span class="quiet">${VISIBILITY_SENTENCES[name]}</span></span>
      </label>
    `;
  }

  #password() {
    const { hasPassword } = this;
    return html`
      <label>${hasPassword ? 'New password' : 'Password'}
        <input name="password" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="256"
          ?required=${!hasPassword} placeholder=${hasPassword ? 'It stays as it is' : ''} aria-describedby="password-note"
          .value=${this.draft.password} @input=${(event: Event) => this.#edit({ password: valueOf(event) })} />
      </label>
      <p class="quiet" id="password-note">${
        hasPassword
          ? 'A new one ends what is watched with the old one. Nobody can look up the old one here.'
          : 'You tell it to those who may watch. It is kept so that nobody can look it up here.'
      }</p>
    `;
  }

  #sites() {
    const { sitesChoice, sites } = this.draft;
    return html`
      <label>Sites that may embed it
        <select name="sites" @change=${(event: Event) => this.#chooseSites(valueOf(event))}>
          ${SITES_CHOICES.map((choice) => html`<option value=${choice} .selected=${choice === sitesChoice}>${sitesWords(choice, this.defaultSites)}</option>`)}
        </select>
      </label>
      ${
        sitesChoice === 'listed'
          ? html`<site-list .sites=${sites} @change=${(event: Event) => this.#onSites(event)}></site-list>`
          : nothing
      }
    `;
  }

  #viewers() {
    return html`
      <label>Most Viewers at the same time
        <input name="maxViewers" type="number" inputmode="numeric" min="1" max="1000000" step="1" placeholder="Any number"
          .value=${this.draft.maxViewers} @input=${(event: Event) => this.#edit({ maxViewers: valueOf(event) })} />
      </label>
    `;
  }

  #times() {
    return html`
      <div class="pair">
        ${this.#time('startsAt', 'Nobody watches before')} ${this.#time('endsAt', 'Nobody watches from')}
      </div>
      <p class="quiet">Times of this device’s clock, ${HERE}. Empty for no limit.</p>
    `;
  }

  #time(name: 'startsAt' | 'endsAt', words: string) {
    return html`
      <label>${words}
        <input name=${name} type="datetime-local" max="9999-12-31T23:59" .value=${this.draft[name]}
          @change=${(event: Event) => this.#edit({ [name]: valueOf(event) })} />
      </label>
    `;
  }

  #chooseSites(value: string): void {
    const sitesChoice = SITES_CHOICES.find((choice) => choice === value);
    if (sitesChoice !== undefined) this.#edit({ sitesChoice });
  }

  #onSites({ currentTarget }: Event): void {
    const list: SiteList | null = this.querySelector('site-list');
    if (list !== null && list === currentTarget) this.#edit({ sites: list.sites });
  }

  #edit(changes: Partial<RulesDraft>): void {
    this.draft = { ...this.draft, ...changes };
  }
}

function valueOf({ currentTarget }: Event): string {
  const isField =
    currentTarget instanceof HTMLInputElement || currentTarget instanceof HTMLSelectElement;
  return isField ? currentTarget.value : '';
}

declare global {
  interface HTMLElementTagNameMap {
    'rules-fields': RulesFields;
    'site-list': SiteList;
  }
}

if (!customElements.get('rules-fields')) customElements.define('rules-fields', RulesFields);
