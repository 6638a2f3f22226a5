import { html, nothing } from 'lit';
import type { Collection } from '../../../signaling/contract/index.ts';
import { AdminElement } from '../admin/admin-element.ts';
import { createCollection, putItems, updateCollection } from './library-api.ts';
import { DRAGGED_ASSETS } from './library-card.ts';
import { FormDialog, said } from '../form-dialog.ts';
import { collectionField, isVisibility, visibilityField } from './library-dialog.ts';
import { ICONS } from './library-icons.ts';
import { type Branch, dropPart, placeOfDrop, treeOf, withinIt } from './library-tree.ts';

const DRAGGED_COLLECTION = 'application/x-sfumato-collection';

/** All collections, to go to; with the right, to be put in order and to be filled by dragging. */
export class LibraryCollections extends AdminElement {
  static override properties = {
    collections: { attribute: false },
    current: {},
    mayWrite: { attribute: false },
  };
  declare collections: readonly Collection[];
  declare current: string | undefined;
  declare mayWrite: boolean;

  override render() {
    return html`
      <nav aria-label="Collections">
        ${this.problem()}
        <ul class="tree">
          <li>${this.#link(undefined, 'Everything')}</li>
          ${treeOf(this.collections ?? []).map((branch) => this.#branch(branch))}
        </ul>
        ${this.mayWrite ? html`<button class="button small" @click=${() => this.#make()}>${ICONS.plus} New collection</button>` : nothing}
      </nav>
    `;
  }

  #branch({ collection, branches }: Branch): unknown {
    return html`
      <li>
        ${this.#link(collection, collection.title)}
        ${branches.length === 0 ? nothing : html`<ul>${branches.map((branch) => this.#branch(branch))}</ul>`}
      </li>
    `;
  }

  #link(collection: Collection | undefined, title: string) {
    const id = collection?.id;
    return html`
      <a href="/library${id === undefined ? '' : `?collection=${id}`}" aria-current=${this.current === id ? 'page' : nothing}
        draggable=${this.mayWrite && id !== undefined}
        @click=${(event: MouseEvent) => this.#choose(event, id)}
        @dragstart=${(event: DragEvent) => event.dataTransfer?.setData(DRAGGED_COLLECTION, id ?? '')}
        @dragover=${(event: DragEvent) => collection && markDrop(event)}
        @dragleave=${unmark}
        @drop=${(event: DragEvent) => collection && this.#drop(event, collection)}>${title}</a>
    `;
  }

  /** The address says it too: other tabs, and those who share it. */
  #choose(event: MouseEvent, id: string | undefined): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('choose', { detail: id, bubbles: true }));
  }

  async #make(): Promise<void> {
    const made = await editCollection(undefined, this.collections);
    if (made === null) return;
    this.#changed();
  }

  async #drop(event: DragEvent, target: Collection): Promise<void> {
    const { dataTransfer } = event;
    if (dataTransfer === null) return;
    unmark(event);
    const [items, dragged] = [DRAGGED_ASSETS, DRAGGED_COLLECTION].map((type) =>
      dataTransfer.getData(type),
    );
    if (!items && !dragged) return;
    event.preventDefault();
    const part = dropPart(heightWithin(event));
    const done = await this.attempt(async () => {
      if (items) return putItems(target.id, items.split(','));
      const place = placeOfDrop(this.collections, dragged ?? '', target, part);
      if (place !== null) await updateCollection(dragged ?? '', place);
    });
    if (done) this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('collectionschange', { bubbles: true }));
  }
}

/** Title, description, who sees it, and where it is. */
export class LibraryCollectionDialog extends FormDialog {
  collection: Collection | undefined;
  collections: readonly Collection[] = [];
  /** Where a new one goes. */
  parentId: string | null = null;
  savedId: string | null = null;

  protected override get heading(): string {
    return this.collection === undefined ? 'New collection' : 'Change the collection';
  }

  protected override content() {
    const { collection, collections } = this;
    const own = collection === undefined ? new Set() : withinIt(collections, collection.id);
    const chosen = collection === undefined ? this.parentId : collection.parentId;
    return html`
      <label>Title<input name="title" required maxlength="200" .value=${collection?.title ?? ''} /></label>
      <label>Description<textarea name="description" rows="3" maxlength="5000" .value=${collection?.description ?? ''}></textarea></label>
      ${visibilityField(collection?.visibility ?? 'private')}
      ${collectionField('Inside of', 'parent', {
        collections: collections.filter(({ id }) => !own.has(id)),
        chosen: chosen ?? '',
        none: 'Nothing: it stands at the top',
      })}
      ${this.buttons(collection === undefined ? 'Make it' : 'Save')}
    `;
  }

  protected override async save(data: FormData): Promise<void> {
    const visibility = said(data, 'visibility');
    const parentId = said(data, 'parent') || null;
    const changes = {
      title: said(data, 'title'),
      description: said(data, 'description'),
      ...(isVisibility(visibility) && { visibility }),
      ...(parentId !== (this.collection?.parentId ?? null) && { parentId }),
    };
    if (this.collection === undefined) {
      this.savedId = (await createCollection(changes)).id;
    } else {
      await updateCollection(this.collection.id, changes);
      this.savedId = this.collection.id;
    }
  }
}

/** @returns the id of what was made or changed; null where nothing was */
export async function editCollection(
  collection: Collection | undefined,
  collections: readonly Collection[],
  parentId: string | null = null,
): Promise<string | null> {
  const dialog = new LibraryCollectionDialog();
  Object.assign(dialog, { collection, collections, parentId });
  await dialog.open();
  return dialog.savedId;
}

function heightWithin({ currentTarget, clientY }: DragEvent): number {
  if (!(currentTarget instanceof Element)) return 0.5;
  const { top, height } = currentTarget.getBoundingClientRect();
  return (clientY - top) / height;
}

function markDrop(event: DragEvent): void {
  const { dataTransfer, currentTarget } = event;
  const [assets, collection] = [DRAGGED_ASSETS, DRAGGED_COLLECTION].map(
    (type) => dataTransfer?.types.includes(type) === true,
  );
  if (!(assets || collection) || !(currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  currentTarget.dataset['drop'] = assets ? 'inside' : dropPart(heightWithin(event));
}

function unmark({ currentTarget }: Event): void {
  if (currentTarget instanceof HTMLElement) delete currentTarget.dataset['drop'];
}
