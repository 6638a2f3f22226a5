import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Asset } from '../../../signaling/contract/index.ts';
import { clockWords } from '../../player/controls/time-words.ts';
import type { Place } from './asset-api.ts';
import { ICONS } from '../library/library-icons.ts';
import { pictureOf } from '../library/library-pictures.ts';
import { goesOn, storeGoesOn } from './next-up.ts';

/** CSS pixels; as wide as watch.css makes them. */
const SIZES = '8rem';

export type ListActions = {
  /** A link within the collection was followed. */
  go(event: MouseEvent, id: string): void;
};

/** The address of an Asset as a part of a collection. */
export function addressIn(collection: string, id: string): string {
  return `/watch/${id}?collection=${collection}`;
}

/** What else is in the collection, in its order. @param presentId the Asset that is watched */
export function collectionList(place: Place, presentId: string, actions: ListActions) {
  const { id, title, before, after, around, more } = place;
  const library = `/library?collection=${id}`;
  return html`
    <nav class="listed" aria-label="In the collection">
      <header>
        <h2><a href=${library}>${title}</a></h2>
        <div class="steps">
          ${step(place, before, 'prev', actions)} ${step(place, after, 'next', actions)}
        </div>
      </header>
      <label class="goes-on"><input type="checkbox" .checked=${goesOn()} @change=${remember} />Go on to the next one by itself</label>
      ${more.before ? html`<p class="more"><a href=${library}>Those before</a></p>` : nothing}
      <ol>${repeat(
        around,
        (one) => one.id,
        (one) => item(place, one, one.id === presentId, actions),
      )}</ol>
      ${more.after ? html`<p class="more"><a href=${library}>All of the collection</a></p>` : nothing}
    </nav>
  `;
}

function step(place: Place, to: Asset | undefined, rel: 'prev' | 'next', { go }: ListActions) {
  const [word, keys, icon] =
    rel === 'prev' ? ['Previous', 'P', ICONS.earlier] : ['Next', 'N', ICONS.later];
  if (to === undefined) return nothing;
  return html`
    <a class="button small" rel=${rel} href=${addressIn(place.id, to.id)} aria-keyshortcuts="Shift+${keys}" title="Shift+${keys}"
      aria-label="${word}: ${to.title}" @click=${(event: MouseEvent) => go(event, to.id)}>${rel === 'prev' ? icon : nothing}${word}${rel === 'next' ? icon : nothing}</a>
  `;
}

function item(place: Place, asset: Asset, present: boolean, { go }: ListActions) {
  const { id, title, duration, kind } = asset;
  return html`
    <li>
      <a href=${addressIn(place.id, id)} aria-current=${present ? 'true' : nothing} @click=${(event: MouseEvent) => go(event, id)}>
        <span class="picture">${thumbnail(asset)}${
          duration === undefined || kind === 'image'
            ? nothing
            : html`<span class="length">${clockWords(duration)}</span>`
        }</span>
        <span class="title">${title}</span>
      </a>
    </li>
  `;
}

export function thumbnail(asset: Asset) {
  const found = pictureOf(asset);
  if (found === undefined) return html`<span class="glyph">${ICONS[asset.kind ?? 'video']}</span>`;
  return html`
    <picture>
      ${found.sources.map(({ type, srcset }) => html`<source type=${type} srcset=${srcset} sizes=${SIZES} />`)}
      <img src=${found.src} alt="" loading="lazy" decoding="async" />
    </picture>
  `;
}

function remember({ target }: Event): void {
  if (target instanceof HTMLInputElement) storeGoesOn(target.checked);
}
