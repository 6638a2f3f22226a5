import { html, nothing } from 'lit';
import type { Asset } from '../../../signaling/contract/index.ts';
import { clockWords } from '../../player/controls/time-words.ts';
import { addressIn } from '../asset/collection-list.ts';
import { ICONS } from './library-icons.ts';
import { pictureOf } from './library-pictures.ts';
import { factsWords, stateWords, VISIBILITY_WORDS } from './library-words.ts';

export type CardActions = {
  /** Is it shown who sees it? */
  mayRead: boolean;
  /** It can be put into collections. */
  mayWrite: boolean;
  mayChange(asset: Asset): boolean;
  /** It has neighbours that it can be moved among. */
  inOrder: boolean;
  /** The collection that is looked at: what is watched out of it goes on with the next one. */
  collection: string | undefined;
  /** How far one has come, 0 to 1; undefined where one has not begun. */
  watched(id: string): number | undefined;
  select(id: string, range: boolean): void;
  edit(asset: Asset): void;
  move(asset: Asset, step: 'earlier' | 'later'): void;
  dragStart(event: DragEvent, id: string): void;
  dropOn(event: DragEvent, id: string): void;
};

const MOST_TAGS = 3;

/** One Asset in the grid. Its title is the link, stretched over all of it. */
export function card(asset: Asset, selected: boolean, actions: CardActions) {
  const { id, title } = asset;
  const mayChange = actions.mayChange(asset);
  return html`
    <li class="asset" ?data-selected=${selected} data-id=${id} draggable=${actions.mayWrite}
      @dragstart=${(event: DragEvent) => actions.dragStart(event, id)}
      @dragover=${(event: DragEvent) => actions.inOrder && allowDrop(event)}
      @drop=${(event: DragEvent) => actions.inOrder && actions.dropOn(event, id)}>
      ${mayChange ? picker(asset, selected, actions) : nothing}
      <div class="picture">
        <span class="mist"></span>
        ${picture(asset)}
        <library-preview .asset=${asset}></library-preview>
        ${asset.duration === undefined ? nothing : html`<span class="length">${clockWords(asset.duration)}</span>`}
        ${making(asset)} ${progressLine(actions.watched(id))}
      </div>
      <div class="words">
        <h2 class="title"><a href=${addressOf(id, actions.collection)} draggable="false">${title}</a></h2>
        <p class="meta">
          <span>${factsWords(asset)}</span>
          ${actions.mayRead ? visibility(asset) : nothing}
        </p>
        ${whatBecomes(asset)} ${tags(asset)}
      </div>
      ${mayChange || actions.inOrder ? tools(asset, mayChange, actions) : nothing}
    </li>
  `;
}

function addressOf(id: string, collection: string | undefined): string {
  return collection === undefined ? `/watch/${id}` : addressIn(collection, id);
}

/** @param fraction undefined for no line */
export function progressLine(fraction: number | undefined) {
  if (fraction === undefined) return nothing;
  const percent = Math.round(Math.min(1, fraction) * 100);
  return html`
    <span class="watched"><span style="inline-size: ${percent}%"></span></span>
    <span class="visually-hidden">${percent} % watched</span>
  `;
}

export function allowDrop(event: DragEvent): void {
  if (event.dataTransfer?.types.includes(DRAGGED_ASSETS) === true) event.preventDefault();
}

/** What a drag within the page carries: ids, by commas. */
export const DRAGGED_ASSETS = 'application/x-sfumato-assets';

function picker({ id, title }: Asset, selected: boolean, { select }: CardActions) {
  return html`
    <label class="pick">
      <input type="checkbox" aria-label="Select ${title}" .checked=${selected}
        @click=${(event: MouseEvent) => select(id, event.shiftKey)} />
    </label>
  `;
}

function tools(asset: Asset, mayChange: boolean, { edit, move, inOrder }: CardActions) {
  const { title } = asset;
  return html`
    <div class="tools">
      ${
        inOrder
          ? html`
              <button class="icon" aria-label="Move ${title} earlier" @click=${() => move(asset, 'earlier')}>${ICONS.earlier}</button>
              <button class="icon" aria-label="Move ${title} later" @click=${() => move(asset, 'later')}>${ICONS.later}</button>
            `
          : nothing
      }
      ${mayChange ? html`<button class="icon" aria-label="Edit ${title}" @click=${() => edit(asset)}>${ICONS.edit}</button>` : nothing}
    </div>
  `;
}

/** Its still, or a sign of its kind. */
export function picture(asset: Asset) {
  const found = pictureOf(asset);
  if (found === undefined) {
    return html`<span class="glyph">${ICONS[asset.kind ?? 'video']}</span>`;
  }
  const { sources, src, width = 16, height = 9 } = found;
  return html`
    <picture class=${width / height < 1.2 ? 'tall' : 'wide'}>
      ${sources.map(({ type, srcset }) => html`<source type=${type} srcset=${srcset} sizes=${SIZES} />`)}
      <img src=${src} alt="" width=${width} height=${height} loading="lazy" decoding="async" draggable="false" />
    </picture>
  `;
}

/** As wide as a card is, by page.css and library.css. */
const SIZES = '(max-width: 560px) 50vw, 20rem';

function making({ state, progress }: Asset) {
  if (state !== 'preparing') return nothing;
  return html`<progress max="1" .value=${progress?.fraction ?? 0} aria-hidden="true"></progress>`;
}

function whatBecomes(asset: Asset) {
  const words = stateWords(asset);
  if (words === '') return nothing;
  return html`<p class="state" data-state=${asset.state}>${words}</p>`;
}

function visibility({ visibility: name }: Asset) {
  return html`<span class="visibility" data-visibility=${name}>${ICONS[name]} ${VISIBILITY_WORDS[name]}</span>`;
}

function tags({ tags: all }: Asset) {
  if (all.length === 0) return nothing;
  const more = all.length - MOST_TAGS;
  return html`
    <p class="tags">
      ${all.slice(0, MOST_TAGS).map((tag) => html`<span>${tag}</span>`)}
      ${more > 0 ? html`<span>+${more}</span>` : nothing}
    </p>
  `;
}
