import { html } from 'lit';
import {
  type Collection,
  VISIBILITIES,
  type Visibility,
} from '../../../signaling/contract/index.ts';
import { flat, treeOf } from './library-tree.ts';
import { VISIBILITY_WORDS } from './library-words.ts';

/** What a collection can be. */
const OF_COLLECTIONS = ['public', 'unlisted', 'private'] as const;

/** What an Asset can be without anything further to say: a password is to be chosen with it. */
export const WITHOUT_PASSWORD = VISIBILITIES.filter((name) => name !== 'password');

/** @param none what the choice of none of them is called, where there is one */
export function visibilityField(
  chosen: Visibility | '',
  none?: string,
  choices: readonly Visibility[] = OF_COLLECTIONS,
) {
  return html`
    <label>Who sees it
      <select name="visibility">
        ${none === undefined ? '' : html`<option value="">${none}</option>`}
        ${choices.map((name) => html`<option value=${name} ?selected=${name === chosen} .selected=${name === chosen}>${VISIBILITY_WORDS[name]} — ${EXPLAINED[name]}</option>`)}
      </select>
    </label>
  `;
}

const EXPLAINED: Record<Visibility, string> = {
  public: 'everybody, in lists and searches',
  unlisted: 'whoever has its address',
  signedIn: 'whoever has an account here',
  password: 'whoever knows its password',
  token: 'whoever has a link with a token',
  private: 'you and administrators',
};

export function isVisibility(text: string): text is Visibility {
  return VISIBILITIES.some((name) => name === text);
}

/** All collections as they are inside of each other. */
export function collectionField(
  label: string,
  name: string,
  {
    collections,
    chosen,
    none,
  }: { collections: readonly Collection[]; chosen: string; none: string },
) {
  return html`
    <label>${label}
      <select name=${name}>
        <option value="">${none}</option>
        ${flat(treeOf(collections)).map(
          ({ collection: { id, title }, depth }) =>
            html`<option value=${id} ?selected=${id === chosen}>${'\u2003'.repeat(depth)}${title}</option>`,
        )}
      </select>
    </label>
  `;
}
