/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import './rules-fields.ts';
import { html } from 'lit';
import { Refused } from '../api.ts';
import { FormDialog } from '../form-dialog.ts';
import { changeRules, getRules, type RulesAnswer, type Thing } from './rules-api.ts';

/** Who may watch a Channel or an Asset, from where, and when. */
export class RulesDialog extends FormDialog {
  thing: Thing | undefined;
  #rules: RulesAnswer | null = null;
  /** What they have become; null where nothing was changed. */
  outcome: RulesAnswer | null = null;

  protected override get heading(): string {
    return `Who may watch “${this.thing?.title ?? ''}”`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.#load());
  }

  protected override content() {
    const rules = this.#rules;
    if (rules === null) {
      return html`
        <p class="quiet" role="status">${this.busy ? 'Looking how it is set …' : ''}</p>
        <div class="actions"><button class="button" type="button" @click=${() => this.close()}>Close</button></div>
      `;
    }
    return html`
      <rules-fields class="fields" .rules=${rules} .hasPassword=${rules.hasPassword} .defaultSites=${rules.defaultSites}></rules-fields>
      ${this.buttons('Save')}
    `;
  }

  protected override async save(): Promise<void> {
    const fields = this.querySelector('rules-fields');
    if (fields === null || this.thing === undefined) return;
    const { trouble, changes } = fields;
    if (trouble !== null) throw new Refused({ code: 'badRequest', message: trouble });
    if (Object.keys(changes).length > 0) this.outcome = await changeRules(this.thing, changes);
  }

  async #load(): Promise<void> {
    if (this.thing !== undefined) this.#rules = await getRules(this.thing);
  }
}

if (!customElements.get('rules-dialog')) customElements.define('rules-dialog', RulesDialog);

/** Opens it. @returns what the rules have become; null where they stay */
export async function editRules(thing: Thing): Promise<RulesAnswer | null> {
  const dialog = Object.assign(new RulesDialog(), { thing });
  await dialog.open();
  return dialog.outcome;
}
