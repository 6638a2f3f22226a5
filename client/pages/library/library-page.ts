import { html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Asset, Collection } from '../../../signaling/contract/index.ts';
import { AdminElement } from '../admin/admin-element.ts';
import { ask } from '../admin/admin-parts.ts';
import { listCollections, Refused } from '../api.ts';
import { deleteCollection, editAssets, putItems, updateCollection } from './library-api.ts';
import { card, type CardActions, DRAGGED_ASSETS } from './library-card.ts';
import { editCollection } from './library-collections.ts';
import { LibraryBatch, LibraryEdit, troubleWords } from './library-edit.ts';
import { LibraryEvents } from './library-events.ts';
import type { Progress } from './library-continue.ts';
import { finding } from './library-find.ts';
import { AssetList } from './library-list.ts';
import { batchBar, collectionHead, emptyWords } from './library-parts.ts';
import {
  addressOfQuery,
  EVERYTHING,
  isInOwnOrder,
  isNarrowed,
  knownTags,
  type LibraryQuery,
  queryOfAddress,
} from './library-query.ts';
import { allOf, itemBefore, NOTHING_SELECTED, stillThere, switched } from './library-selection.ts';
import { type Move, placeAfter } from './library-tree.ts';
import { countWords } from './library-words.ts';
import type { LibraryUploads } from './library-uploads.ts';
import { mayChange, type Session } from '../session.ts';

const TYPING_MS = 250;
/** There is room for the collections at the side (library.css). */
const WIDE = matchMedia('(min-width: 900px)');

/** The library: what is in it, found, and with the right changed. */
export class LibraryPage extends AdminElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  #query = queryOfAddress(location.search);
  #collections: Collection[] = [];
  #selection = NOTHING_SELECTED;
  #progress: Progress = new Map();
  /** What has become of something, for those who listen too. */
  #news = '';
  #typing: ReturnType<typeof setTimeout> | undefined;
  #ended = new AbortController();
  readonly #list = new AssetList(() => this.#onList());
  readonly #events = new LibraryEvents({
    asset: (asset) => this.#hear(asset),
    gone: (id) => this.#lose([id]),
    missed: () => void this.#list.refresh(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    window.addEventListener('popstate', () => this.#onAddress(), { signal });
    WIDE.addEventListener('change', () => this.requestUpdate(), { signal });
    document.addEventListener('visibilitychange', () => this.#onVisibility(), { signal });
    void this.#list.find(this.#query);
    void this.#loadCollections();
    this.#events.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended.abort();
    this.#events.close();
  }

  /** Somebody else looks: they see other things. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('session') === undefined) return;
    this.#events.close();
    this.#events.open();
    void this.#list.refresh();
    void this.#loadCollections();
  }

  override render() {
    const { mayRead, mayWrite } = this.session;
    const { assets } = this.#list;
    const current = this.#current;
    const own = current !== undefined && mayChange(this.session, current) ? current : undefined;
    return html`
      <div class="library">
        ${mayWrite || this.#collections.length > 0 ? this.#aside() : nothing}
        <div class="found">
          <div class="intro">${this.#head(current)}${mayWrite ? html`<library-uploads .collection=${own?.id} .place=${own?.title}></library-uploads>` : nothing}</div>
          ${finding(this.#query, { mayRead, tags: knownTags(assets ?? []) }, { type: (text) => this.#type(text), change: (changes) => this.#go({ ...this.#query, ...changes }) })}
          <p class="visually-hidden" role="status">${this.#countWords()}</p>
          ${this.problem()} ${this.#failureWords()}
          <p class="news" role="status">${this.#news}</p>
          ${this.#begun()} ${this.#grid(assets)}
          ${this.#list.hasMore ? html`<p class="more"><button class="button" aria-busy=${this.#list.busy} @click=${() => this.#more()}>Show more</button></p>` : nothing}
          ${this.#selection.ids.size > 0 ? this.#bar(own) : nothing}
        </div>
      </div>
    `;
  }

  #aside() {
    return html`
      <details class="aside" ?open=${WIDE.matches}>
        <summary>Collections</summary>
        <library-collections .collections=${this.#collections} .current=${this.#query.collection} .mayWrite=${this.session.mayWrite}
          @choose=${({ detail }: CustomEvent<string | undefined>) => this.#go({ ...EVERYTHING, collection: detail })}
          @collectionschange=${() => void this.#loadCollections()}></library-collections>
      </details>
    `;
  }

  /** Where everything is shown; elsewhere the cards have their lines by it. */
  #begun() {
    const everything = this.#query.collection === undefined && !isNarrowed(this.#query);
    const take = ({ detail }: CustomEvent<Progress>) => {
      this.#progress = detail;
      this.requestUpdate();
    };
    return html`<library-continue .session=${this.session} .shown=${everything} @progress=${take}></library-continue>`;
  }

  #head(current: Collection | undefined) {
    const may = current !== undefined && mayChange(this.session, current);
    return collectionHead(current, this.#collections, may, {
      change: (collection) => void this.#editCollection(collection),
      makeInside: (collection) => void this.#editCollection(undefined, collection.id),
      move: (collection, move) => void this.#moveCollection(collection, move),
      delete: (collection) => void this.#deleteCollection(collection),
    });
  }

  #grid(assets: Asset[] | null) {
    if (assets === null) return nothing;
    if (assets.length === 0)
      return emptyWords({ narrowed: isNarrowed(this.#query), mayWrite: this.session.mayWrite });
    const actions = this.#cardActions();
    return html`
      <ul class="assets" aria-label="Assets" aria-busy=${this.#list.busy} ?data-selecting=${this.#selection.ids.size > 0}>
        ${repeat(
          assets,
          ({ id }) => id,
          (asset) => card(asset, this.#selection.ids.has(asset.id), actions),
        )}
      </ul>
    `;
  }

  #bar(current: Collection | undefined) {
    return batchBar(this.#selection.ids.size, current, this.busy, {
      all: () => this.#select(() => allOf(this.#changeable())),
      none: () => this.#select(() => NOTHING_SELECTED),
      edit: () => void this.#editBatch(),
      takeOut: (id) => void this.#batch({ removeFrom: id }),
      delete: () => void this.#deleteBatch(),
    });
  }

  #cardActions(): CardActions {
    const { mayRead, mayWrite } = this.session;
    return {
      mayRead,
      mayWrite,
      mayChange: (asset) => mayChange(this.session, asset),
      inOrder: this.#isOwnOrder,
      collection: this.#query.collection,
      watched: (id) => this.#progress.get(id),
      select: (id, range) =>
        this.#select(() => switched(this.#selection, this.#changeable(), id, range)),
      edit: (asset) => void this.#edit(asset),
      move: (asset, step) => void this.#moveItem(asset, step),
      dragStart: (event, id) => this.#dragStart(event, id),
      dropOn: (event, id) => void this.#dropOn(event, id),
    };
  }

  #countWords(): string {
    const { assets, hasMore } = this.#list;
    if (assets === null) return '';
    return `${countWords(assets.length)} shown${hasMore ? ', there are more' : ''}.`;
  }

  #failureWords() {
    const { failure } = this.#list;
    if (failure === null) return nothing;
    const words = failure instanceof Refused ? failure.message : 'The server cannot be reached.';
    return html`<p class="problem" role="alert">${words} <button class="button small" @click=${() => void this.#list.refresh()}>Try again</button></p>`;
  }

  get #current(): Collection | undefined {
    return this.#collections.find(({ id }) => id === this.#query.collection);
  }

  /** What is shown has the order of a collection that may be put in another one. */
  get #isOwnOrder(): boolean {
    const current = this.#current;
    if (current === undefined || !mayChange(this.session, current)) return false;
    return isInOwnOrder(this.#query) && !isNarrowed(this.#query);
  }

  #ownCollections(): Collection[] {
    return this.#collections.filter((one) => mayChange(this.session, one));
  }

  /** Of those that are shown. */
  #changeable(): string[] {
    const assets = this.#list.assets ?? [];
    return assets.filter((asset) => mayChange(this.session, asset)).map(({ id }) => id);
  }

  #shown(): string[] {
    return (this.#list.assets ?? []).map(({ id }) => id);
  }

  #select(choose: () => typeof NOTHING_SELECTED): void {
    this.#selection = choose();
    this.requestUpdate();
  }

  #onList(): void {
    this.#selection = stillThere(this.#selection, this.#shown());
    this.requestUpdate();
  }

  #hear(asset: Asset): void {
    this.#list.apply(asset);
    this.#uploads?.hear(asset);
  }

  #lose(ids: readonly string[]): void {
    this.#list.remove(ids);
    for (const id of ids) this.#uploads?.queue.lose(id);
  }

  get #uploads(): LibraryUploads | null {
    return this.querySelector('library-uploads');
  }

  /** A page that is not looked at leaves its connection to others, unless it is uploading. */
  #onVisibility(): void {
    if (document.visibilityState === 'visible') {
      this.#events.open();
      void this.#list.refresh();
    } else if (this.#uploads?.queue.isUnderWay !== true) this.#events.close();
  }

  /** What was typed is one step of the history, however many letters it has. */
  #type(text: string): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(
      () => this.#go({ ...this.#query, text }, this.#query.text !== ''),
      TYPING_MS,
    );
  }

  #go(query: LibraryQuery, replace = false): void {
    clearTimeout(this.#typing);
    this.#query = query;
    const address = `/library${addressOfQuery(query)}`;
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    this.#find();
  }

  #onAddress(): void {
    this.#query = queryOfAddress(location.search);
    this.#find();
  }

  #find(): void {
    this.#selection = NOTHING_SELECTED;
    this.#news = '';
    this.requestUpdate();
    void this.#list.find(this.#query);
  }

  /** The first of the new ones gets the focus: the button may be gone. */
  async #more(): Promise<void> {
    const before = this.#shown().length;
    await this.#list.more();
    await this.updateComplete;
    this.querySelectorAll<HTMLElement>('.asset .title a')[before]?.focus();
  }

  async #loadCollections(): Promise<void> {
    await this.attempt(async () => {
      this.#collections = await listCollections();
    });
  }

  async #edit(asset: Asset): Promise<void> {
    const dialog = Object.assign(new LibraryEdit(), { asset, collections: this.#ownCollections() });
    await dialog.open();
    const { outcome } = dialog;
    if (outcome === null) return;
    if ('deleted' in outcome) {
      this.#lose([outcome.deleted]);
      this.#say(`“${asset.title}” is deleted.`);
    } else this.#list.apply(outcome.changed);
  }

  async #editBatch(): Promise<void> {
    const ids = [...this.#selection.ids];
    const dialog = Object.assign(new LibraryBatch(), { ids, collections: this.#ownCollections() });
    await dialog.open();
    this.#say(dialog.trouble);
    await this.#list.refresh();
  }

  async #deleteBatch(): Promise<void> {
    const words = countWords(this.#selection.ids.size);
    const text = `${words} with their originals and everything that was made of them, for good.`;
    if (await ask(`Delete ${words}?`, text, 'Delete for good')) await this.#batch({ delete: true });
  }

  async #batch(edit: { removeFrom: string } | { delete: true }): Promise<void> {
    await this.attempt(async () => {
      const outcome = await editAssets([...this.#selection.ids], edit);
      this.#lose(outcome.changed);
      this.#say(troubleWords(outcome));
    });
  }

  #say(news: string): void {
    this.#news = news;
    this.requestUpdate();
  }

  async #editCollection(
    collection: Collection | undefined,
    parentId: string | null = null,
  ): Promise<void> {
    const saved = await editCollection(collection, this.#collections, parentId);
    if (saved !== null) await this.#loadCollections();
  }

  async #moveCollection({ id, title }: Collection, move: Move): Promise<void> {
    const place = placeAfter(this.#collections, id, move);
    if (place === null) return this.#say(`“${title}” cannot go further there.`);
    await this.attempt(() => updateCollection(id, place));
    await this.#loadCollections();
    this.#say(`“${title}” was moved.`);
  }

  async #deleteCollection({ id, title }: Collection): Promise<void> {
    const text = `“${title}” goes, with the collections inside of it. What was put into it stays in the library.`;
    if (!(await ask('Delete this collection?', text, 'Delete'))) return;
    if (!(await this.attempt(() => deleteCollection(id)))) return;
    await this.#loadCollections();
    this.#go(EVERYTHING);
  }

  async #moveItem({ id, title }: Asset, step: 'earlier' | 'later'): Promise<void> {
    const before = itemBefore(this.#shown(), id, step);
    if (before === undefined) return;
    await this.#putBefore([id], before);
    this.#say(`“${title}” was moved.`);
  }

  #dragStart(event: DragEvent, id: string): void {
    const { ids } = this.#selection;
    const dragged = ids.has(id) ? this.#shown().filter((one) => ids.has(one)) : [id];
    event.dataTransfer?.setData(DRAGGED_ASSETS, dragged.join(','));
  }

  async #dropOn(event: DragEvent, before: string): Promise<void> {
    const ids = event.dataTransfer?.getData(DRAGGED_ASSETS).split(',').filter(Boolean) ?? [];
    if (ids.length === 0 || ids.includes(before)) return;
    event.preventDefault();
    await this.#putBefore(ids, before);
  }

  async #putBefore(ids: readonly string[], before: string | null): Promise<void> {
    const { collection } = this.#query;
    if (collection === undefined) return;
    await this.attempt(() => putItems(collection, ids, before));
    await this.#list.refresh();
  }
}
