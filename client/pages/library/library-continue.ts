import { html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Begun } from '../../../signaling/contract/index.ts';
import { clockWords, spokenTime } from '../../player/controls/time-words.ts';
import { picture, progressLine } from './library-card.ts';
import { ICONS } from './library-icons.ts';
import { positionsOf } from '../asset/position-store.ts';
import type { Session } from '../session.ts';

/** In the row; cards below know of more. */
const MOST_SHOWN = 12;
const MOST_KNOWN = 48;

/** How far one has come in Assets: their ids, and 0 to 1. */
export type Progress = ReadonlyMap<string, number>;

/** What was begun and can be gone on with, the last first. Says `progress` with what it has found. */
export class LibraryContinue extends LitElement {
  static override properties = { session: { attribute: false }, shown: { type: Boolean } };
  declare session: Session | undefined;
  /** The row itself; without it, it only finds out. */
  declare shown: boolean;
  #begun: readonly Begun[] = [];
  #news = '';
  #ended = new AbortController();

  constructor() {
    super();
    this.shown = true;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && void this.load(),
      { signal },
    );
    // Of a page that Back has brought back as it was.
    window.addEventListener('pageshow', ({ persisted }) => persisted && void this.load(), {
      signal,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ended.abort();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('session')) void this.load();
  }

  async load(): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    try {
      const begun = await positionsOf(session).list(session.id === null ? MOST_SHOWN : MOST_KNOWN);
      if (session === this.session) this.#take(begun);
    } catch (error) {
      // The library is there without it.
      console.debug('sfumato: what was begun', error);
    }
  }

  override render() {
    const row = this.#begun.slice(0, MOST_SHOWN);
    const news = html`<p class="visually-hidden" role="status">${this.#news}</p>`;
    if (!this.shown || row.length === 0) return news;
    return html`
      <section class="continue" aria-labelledby="continue">
        <h2 id="continue" tabindex="-1">Continue watching</h2>
        <ul>${repeat(
          row,
          ({ asset }) => asset.id,
          (one) => this.#card(one),
        )}</ul>
      </section>
      ${news}
    `;
  }

  #card({ asset, seconds }: Begun) {
    const { id, title, duration = 0 } = asset;
    return html`
      <li class="asset">
        <div class="picture"><span class="mist"></span>${picture(asset)}${progressLine(seconds / duration)}</div>
        <div class="words">
          <h3 class="title"><a href="/watch/${id}">${title}</a></h3>
          <p class="meta"><span aria-hidden="true">${clockWords(duration - seconds)} left</span><span class="visually-hidden">${spokenTime(duration - seconds)} left</span></p>
        </div>
        <div class="tools"><button class="icon" aria-label="Remove ${title} from this row" title="Remove from this row" @click=${() => this.#forget(id, title)}>${ICONS.cross}</button></div>
      </li>
    `;
  }

  async #forget(id: string, title: string): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const at = this.#begun.findIndex(({ asset }) => asset.id === id);
    try {
      await positionsOf(session).forget(id);
      this.#news = `“${title}” is removed from this row.`;
      this.#take(this.#begun.filter(({ asset }) => asset.id !== id));
    } catch (error) {
      console.warn('sfumato: it cannot be removed', error);
      this.#news = `“${title}” could not be removed.`;
      this.requestUpdate();
    }
    await this.updateComplete;
    // The button that had the focus is gone: the next one has it, or what comes before them all.
    const buttons = this.querySelectorAll<HTMLElement>('.icon');
    (buttons[Math.min(at, buttons.length - 1)] ?? this.querySelector<HTMLElement>('h2'))?.focus();
  }

  #take(begun: readonly Begun[]): void {
    this.#begun = begun;
    this.requestUpdate();
    const detail: Progress = new Map(
      begun.map(({ asset, seconds }) => [asset.id, seconds / (asset.duration ?? seconds)]),
    );
    this.dispatchEvent(new CustomEvent('progress', { detail }));
  }
}
