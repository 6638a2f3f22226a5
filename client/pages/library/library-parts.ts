import { html, nothing } from 'lit';
import type { Collection } from '../../../signaling/contract/index.ts';
import { ICONS } from './library-icons.ts';
import { type Move, pathTo } from './library-tree.ts';
import { countWords, VISIBILITY_WORDS } from './library-words.ts';

export type CollectionActions = {
  change(collection: Collection): void;
  makeInside(collection: Collection): void;
  move(collection: Collection, move: Move): void;
  delete(collection: Collection): void;
};

/** What is looked at: everything, or a collection with the way to it. */
export function collectionHead(
  current: Collection | undefined,
  collections: readonly Collection[],
  mayWrite: boolean,
  actions: CollectionActions,
) {
  if (current === undefined) return html`<div class="head"><h1>Library</h1></div>`;
  const above = pathTo(collections, current.id).slice(0, -1);
  return html`
    <div class="head">
      ${above.length === 0 ? nothing : html`<p class="quiet">${above.map(({ title }) => title).join(' › ')}</p>`}
      <h1>${current.title}</h1>
      ${current.description === '' ? nothing : html`<p class="about-it">${current.description}</p>`}
    </div>
    ${mayWrite ? collectionTools(current, actions) : nothing}
  `;
}

function collectionTools(
  current: Collection,
  { change, makeInside, move, delete: remove }: CollectionActions,
) {
  const { visibility } = current;
  return html`
    <div class="actions collection" role="group" aria-label="This collection">
      <span class="visibility" data-visibility=${visibility}>${ICONS[visibility]} ${VISIBILITY_WORDS[visibility]}</span>
      <button class="button small" @click=${() => change(current)}>Change</button>
      <button class="button small" @click=${() => makeInside(current)}>New one inside</button>
      <button class="button small" @click=${() => move(current, 'up')}>Move up</button>
      <button class="button small" @click=${() => move(current, 'down')}>Move down</button>
      ${current.parentId === null ? nothing : html`<button class="button small" @click=${() => move(current, 'out')}>Move out</button>`}
      <button class="button small danger" @click=${() => remove(current)}>Delete</button>
    </div>
  `;
}

export type BatchActions = {
  all(): void;
  none(): void;
  edit(): void;
  takeOut(collection: string): void;
  delete(): void;
};

export function batchBar(
  count: number,
  current: Collection | undefined,
  busy: boolean,
  { all, none, edit, takeOut, delete: remove }: BatchActions,
) {
  return html`
    <div class="batch" role="region" aria-label="What is selected">
      <strong role="status">${countWords(count)} selected</strong>
      <button class="button small" @click=${all}>Select all shown</button>
      <button class="button small" @click=${none}>Select none</button>
      <button class="button small strong" ?disabled=${busy} @click=${edit}>Edit</button>
      ${current === undefined ? nothing : html`<button class="button small" ?disabled=${busy} @click=${() => takeOut(current.id)}>Take out of “${current.title}”</button>`}
      <button class="button small danger" ?disabled=${busy} @click=${remove}>Delete</button>
    </div>
  `;
}

export function emptyWords({ narrowed, mayWrite }: { narrowed: boolean; mayWrite: boolean }) {
  const [heading, words] = narrowed
    ? ['Nothing is found', 'Other words, or fewer filters, may find something.']
    : [
        'Nothing is here yet',
        mayWrite
          ? 'Drop films, sound and images anywhere on this page, or add them with the button above.'
          : 'What is put in for everybody is shown here.',
      ];
  return html`
    <section class="empty">
      <img src="/favicon.svg" alt="" />
      <h2>${heading}</h2>
      <p>${words}</p>
    </section>
  `;
}
