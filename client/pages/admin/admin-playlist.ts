import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { AdminElement, field } from './admin-element.ts';
import { ask } from './admin-parts.ts';
import {
  deletePlaylist,
  findPlayable,
  getPlaylist,
  type Playable,
  type PlaylistAnswer,
  putPlaylist,
} from './playlist-api.ts';
import {
  type Draft,
  type DraftItem,
  draftOf,
  emptyDraft,
  moved,
  playlistOf,
  withEntry,
  withEntryChanged,
  withItem,
  without,
} from './playlist-draft.ts';
import { entryRow, isChecked, resultList, whatsOn } from './playlist-parts.ts';

const REFRESH_MS = 3_000;
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What one Channel plays from the library: to be put together, and changed while it is on air. */
export class AdminPlaylist extends AdminElement {
  static override properties = { channelId: {}, channelTitle: {} };
  declare channelId: string;
  declare channelTitle: string;
  #draft: Draft = emptyDraft(HERE);
  #answer: PlaylistAnswer | null = null;
  #found: Playable[] | null = null;
  #said = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => this.#load());
    this.#timer = setInterval(() => void this.#refresh(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    return html`
      <section class="playlist" aria-label="What ${this.channelTitle} plays from the library">
        ${this.problem()}
        ${this.#answer === null ? nothing : whatsOn(this.#answer)}
        ${this.#search()}
        ${this.#list()}
        ${this.#times()}
        <div class="actions">
          <button class="button strong" type="button" ?disabled=${this.busy} @click=${() => this.#save()}>Save the list</button>
          ${this.#answer === null ? nothing : this.#stopButton()}
          <span role="status">${this.#said}</span>
        </div>
      </section>
    `;
  }

  #search() {
    return html`
      <form class="row" role="search" @submit=${(event: SubmitEvent) => this.#find(event)}>
        <label class="wide">Find in the library<input name="text" type="search" autocomplete="off" maxlength="200" /></label>
        <button class="button" ?disabled=${this.busy}>Find</button>
      </form>
      ${this.#found === null ? nothing : this.#results(this.#found)}
    `;
  }

  #results(found: Playable[]) {
    return resultList(found, {
      add: (one) => this.#edit(withItem(this.#draft, one), `${one.title} is on the list.`),
      addAtTime: (one) => this.#edit(withEntry(this.#draft, one), `${one.title} begins at 20:00.`),
    });
  }

  #list() {
    const { items, loop, shuffled } = this.#draft;
    return html`
      <h3>One after the other</h3>
      ${items.length === 0 ? html`<p class="quiet">The list is empty: find something and add it.</p>` : nothing}
      <ol class="picks" aria-label="The list">
        ${repeat(
          items,
          ({ key }) => key,
          (item, index) => this.#item(item, index, items.length),
        )}
      </ol>
      <label class="choice"><input type="checkbox" .checked=${loop} @change=${(event: Event) => this.#edit({ ...this.#draft, loop: isChecked(event) })} />After the last one the first one again</label>
      <label class="choice"><input type="checkbox" .checked=${shuffled} @change=${(event: Event) => this.#edit({ ...this.#draft, shuffled: isChecked(event) })} />In another order each time</label>
    `;
  }

  #item({ key, title, isCollection }: DraftItem, index: number, count: number) {
    return html`
      <li data-key=${key} @keydown=${(event: KeyboardEvent) => this.#onItemKey(event, key)}>
        <span class="grow">${title} ${isCollection ? html`<span class="quiet">Collection</span>` : nothing}</span>
        <button class="button" type="button" data-by="-1" aria-label="Move ${title} up" ?disabled=${index === 0} @click=${() => this.#move(key, -1)}>↑</button>
        <button class="button" type="button" data-by="1" aria-label="Move ${title} down" ?disabled=${index === count - 1} @click=${() => this.#move(key, 1)}>↓</button>
        <button class="button" type="button" aria-label="Take ${title} off the list" @click=${() => this.#remove(key, title)}>✕</button>
      </li>
    `;
  }

  #times() {
    const { schedule, timeZone } = this.#draft;
    if (schedule.length === 0) return nothing;
    return html`
      <h3>At a time</h3>
      <p class="quiet">It begins then, whatever plays; after it the list goes on. Times are those of ${timeZone}.</p>
      <ul class="picks" aria-label="At a time">
        ${repeat(
          schedule,
          ({ key }) => key,
          (entry) =>
            entryRow(entry, {
              change: (changes) => this.#edit(withEntryChanged(this.#draft, entry.key, changes)),
              remove: () => this.#remove(entry.key, entry.title),
            }),
        )}
      </ul>
    `;
  }

  #stopButton() {
    return html`<button class="button danger" type="button" ?disabled=${this.busy} @click=${() => this.#stop()}>Play nothing from the library</button>`;
  }

  async #find(event: SubmitEvent): Promise<void> {
    const text = field(event, 'text').trim();
    await this.attempt(async () => {
      this.#found = await findPlayable(text);
    });
  }

  async #save(): Promise<void> {
    const times = [
      ...this.querySelectorAll<HTMLInputElement>('input[type=time], input[type=date]'),
    ];
    if (!times.every((input) => input.reportValidity())) return;
    this.#said = '';
    await this.attempt(async () => {
      this.#answer = await putPlaylist(this.channelId, playlistOf(this.#draft));
      this.#said = 'Saved.';
    });
  }

  async #stop(): Promise<void> {
    const text = `“${this.channelTitle}” plays nothing from the library any more, and the list is gone.`;
    if (!(await ask('Play nothing from the library?', text, 'Play nothing'))) return;
    await this.attempt(async () => {
      await deletePlaylist(this.channelId);
      this.#answer = null;
      this.#draft = emptyDraft(HERE);
      this.#said = 'The Channel plays nothing from the library.';
    });
  }

  #edit(draft: Draft, said = ''): void {
    this.#draft = draft;
    this.#said = said;
    this.requestUpdate();
  }

  #remove(key: number, title: string): void {
    this.#edit(without(this.#draft, key), `${title} was taken off.`);
    // What had the focus is gone: it goes to what stays.
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('input[type=search]')?.focus(),
    );
  }

  #onItemKey(event: KeyboardEvent, key: number): void {
    const by = event.altKey
      ? { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key]
      : undefined;
    if (by === undefined) return;
    event.preventDefault();
    this.#move(key, by);
  }

  #move(key: number, by: -1 | 1): void {
    const draft = moved(this.#draft, key, by);
    const at = draft.items.findIndex((item) => item.key === key);
    const title = draft.items[at]?.title ?? '';
    this.#edit(draft, `${title} is number ${at + 1} of ${draft.items.length}.`);
    void this.#focusOnMove(key, by);
  }

  /** The focus goes along; at an end to the other button, for this one is switched off. */
  async #focusOnMove(key: number, by: -1 | 1): Promise<void> {
    await this.updateComplete;
    const all = this.querySelectorAll<HTMLButtonElement>(`[data-key="${key}"] [data-by]`);
    const buttons = [...all].filter(({ disabled }) => !disabled);
    const same = buttons.find((button) => button.dataset['by'] === String(by));
    (same ?? buttons[0])?.focus();
  }

  async #load(): Promise<void> {
    this.#answer = await getPlaylist(this.channelId);
    if (this.#answer !== null) this.#draft = draftOf(this.#answer, HERE);
    this.#found = await findPlayable('');
  }

  /** What plays now; what is being edited stays as it is. */
  async #refresh(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.busy || this.#answer === null) return;
    try {
      this.#answer = await getPlaylist(this.channelId);
      this.requestUpdate();
    } catch (error) {
      console.debug('sfumato: playlist refresh', error);
    }
  }
}
