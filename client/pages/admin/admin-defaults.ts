/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import '../rules/rules-fields.ts';
import { html, nothing } from 'lit';
import { AdminElement } from './admin-element.ts';
import { changeDefaults, getDefaults, type RulesDefaults } from '../rules/rules-api.ts';
import type { RulesFields } from '../rules/rules-fields.ts';

const WORDS = { channels: 'New Channels', assets: 'New in the library' } as const;
type Kind = keyof typeof WORDS;

/** The rules with which new Channels and Assets begin. */
export class AdminDefaults extends AdminElement {
  #defaults: RulesDefaults | null = null;
  #said: Record<Kind, string> = { channels: '', assets: '' };

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(async () => {
      this.#defaults = await getDefaults();
    });
  }

  override render() {
    const defaults = this.#defaults;
    return html`
      <h1>What new ones begin with</h1>
      <p class="quiet">What is there already stays as it is: each Channel and everything in the library has rules of its own.</p>
      ${this.problem()}
      <div class="stack">
        ${defaults === null ? nothing : [this.#form('channels', defaults), this.#form('assets', defaults)]}
      </div>
    `;
  }

  #form(kind: Kind, defaults: RulesDefaults) {
    return html`
      <section class="panel" aria-labelledby="defaults-${kind}">
        <h2 id="defaults-${kind}">${WORDS[kind]}</h2>
        <form class="fields" @submit=${(event: SubmitEvent) => this.#save(event, kind)}>
          <rules-fields class="fields" .rules=${defaults[kind]} .forNew=${true}></rules-fields>
          <div class="line">
            <button class="button strong" aria-label="Save: ${WORDS[kind]}" ?disabled=${this.busy}>Save</button>
            <span role="status">${this.#said[kind]}</span>
          </div>
        </form>
      </section>
    `;
  }

  async #save(event: SubmitEvent, kind: Kind): Promise<void> {
    event.preventDefault();
    const { currentTarget } = event;
    if (!(currentTarget instanceof HTMLFormElement)) return;
    const fields: RulesFields | null = currentTarget.querySelector('rules-fields');
    if (fields === null) return;
    const { trouble, changes } = fields;
    this.#said = { ...this.#said, [kind]: trouble ?? '' };
    if (trouble !== null) return this.requestUpdate();
    await this.attempt(async () => {
      if (Object.keys(changes).length > 0)
        this.#defaults = await changeDefaults({ [kind]: changes });
      this.#said = { ...this.#said, [kind]: 'Saved.' };
    });
  }
}
