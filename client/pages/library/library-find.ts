import { html, nothing } from 'lit';
import { ASSET_KINDS, ASSET_STATES, VISIBILITIES } from '../../../signaling/contract/index.ts';
import type { LibraryQuery } from './library-query.ts';
import { KIND_WORDS, VISIBILITY_WORDS } from './library-words.ts';

export type FindActions = {
  /** Other words, as they are written. */
  type(text: string): void;
  change(changes: Partial<LibraryQuery>): void;
};

type Choice = readonly [value: string, words: string];

const KINDS: Choice[] = [
  ['', 'All kinds'],
  ...ASSET_KINDS.map((kind): Choice => [kind, KIND_WORDS[kind]]),
];
const STATE_WORDS = {
  uploading: 'Being uploaded',
  preparing: 'Being made ready',
  ready: 'Ready',
  refused: 'Refused',
};
const STATES: Choice[] = [
  ['', 'Any state'],
  ...ASSET_STATES.map((state): Choice => [state, STATE_WORDS[state]]),
];
const WHO_SEES: Choice[] = [
  ['', 'Any visibility'],
  ...VISIBILITIES.map((visibility): Choice => [visibility, VISIBILITY_WORDS[visibility]]),
];
const SORT_WORDS: Choice[] = [
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['title', 'By title'],
  ['longest', 'Longest first'],
  ['shortest', 'Shortest first'],
];
const OWN_ORDER: Choice = ['collection', 'In its own order'];

/** Words, filters and the order. What strangers see is public and ready: they have nothing to filter by that. */
export function finding(
  query: LibraryQuery,
  { mayRead, tags }: { mayRead: boolean; tags: readonly string[] },
  { type, change }: FindActions,
) {
  const { collection, sort } = query;
  const orders = collection === undefined ? SORT_WORDS : [OWN_ORDER, ...SORT_WORDS];
  const order = sort ?? (collection === undefined ? 'newest' : 'collection');
  const choose = (name: string) => (value: string) => change({ [name]: value || undefined });
  return html`
    <search class="find">
      <input class="search" type="search" aria-label="Search the library" placeholder="Search titles, tags, captions …"
        maxlength="200" .value=${query.text} @input=${(event: InputEvent) => type(valueOf(event))} />
      <div class="filters">
      ${select('Kind', KINDS, query.kind ?? '', choose('kind'))}
      ${mayRead ? select('State', STATES, query.state ?? '', choose('state')) : nothing}
      ${mayRead ? select('Visibility', WHO_SEES, query.visibility ?? '', choose('visibility')) : nothing}
      ${select('Order', orders, order, choose('sort'))}
      ${tagFilter(query.tags, tags, (chosen) => change({ tags: chosen }))}
      </div>
    </search>
  `;
}

function tagFilter(chosen: string[], known: readonly string[], change: (tags: string[]) => void) {
  const add = (event: Event) => {
    const { currentTarget } = event;
    if (!(currentTarget instanceof HTMLInputElement)) return;
    const tag = currentTarget.value.trim();
    currentTarget.value = '';
    if (tag !== '' && !chosen.includes(tag)) change([...chosen, tag]);
  };
  return html`
    <input class="tag-field" aria-label="Only with this tag" placeholder="Tag" list="known-tags" maxlength="50" autocomplete="off" @change=${add} />
    <datalist id="known-tags">${known.map((tag) => html`<option value=${tag}></option>`)}</datalist>
    ${chosen.map(
      (tag) => html`
        <button class="chip" aria-label="No longer only with the tag ${tag}"
          @click=${() => change(chosen.filter((one) => one !== tag))}>${tag} <span aria-hidden="true">×</span></button>
      `,
    )}
  `;
}

/** Its label is there for those who listen; its first choice says the same to the eye. */
export function select(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  change: (value: string) => void,
) {
  return html`
    <select aria-label=${label} @change=${(event: Event) => change(valueOf(event))}>
      ${choices.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen} .selected=${value === chosen}>${words}</option>`)}
    </select>
  `;
}

function valueOf({ currentTarget }: Event): string {
  const isField =
    currentTarget instanceof HTMLInputElement || currentTarget instanceof HTMLSelectElement;
  return isField ? currentTarget.value : '';
}
