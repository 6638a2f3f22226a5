/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import './sfumato-image.ts';
import { html, nothing, render } from 'lit';
import { libraryIdSchema } from '../../../signaling/contract/index.ts';
import { parseAssetAddress } from '../../player/stored/asset-address.ts';
import { type AssetFeed, openAssetFeed } from '../../player/stored/asset-feed.ts';
import type { SfumatoPlayer } from '../../player/sfumato-player.ts';
import { whoLooks } from '../api.ts';
import { fetchPlace, placeOf } from './asset-api.ts';
import { stepOfKey, takesKeys } from './asset-keys.ts';
import { aboutAsset, nothingHere, type PageActions, type PageView } from './asset-parts.ts';
import { wearCaptionStyle } from './caption-style.ts';
import { addressIn, collectionList } from './collection-list.ts';
import { wasSomebody } from '../known-person.ts';
import { NextUp } from './next-up.ts';
import { type OverActions, overThePicture } from './over-the-picture.ts';
import { header } from '../parts.ts';
import { PositionKeeper } from './position-keeper.ts';
import { positionsOf } from './position-store.ts';
import { saysWhere } from './resume.ts';
import { Resuming } from './resuming.ts';
import { NOBODY } from '../session.ts';
import { share, SHARED_SHOWN_MS } from '../share.ts';
import { WatchParty } from '../watch/watch-party.ts';

/** Seconds: who has watched so much already is not asked any more where to begin. */
const SETTLED = 30;

/** One Asset after another, as the address says: what is next in a collection needs no other page. */
export class AssetPage {
  readonly #root: HTMLElement;
  readonly #nextUp = new NextUp({
    changed: () => this.#draw(),
    go: ({ id }) => this.#go(id),
  });
  readonly #resuming = new Resuming({
    changed: () => this.#draw(),
    isUsed: () => this.#root.querySelector('.resumed:is(:hover, :focus-within)') !== null,
  });
  readonly #party = new WatchParty({
    changed: () => this.#draw(),
    alone: (seconds) => this.#showFrom(seconds),
  });
  #assetId = '';
  #feed: AssetFeed | null = null;
  #closeFeed = () => {};
  #view: PageView = emptyView();
  /** Is it known who looks? */
  #knowsWho = false;
  #player: SfumatoPlayer | null = null;
  #keeper: PositionKeeper | null = null;

  constructor(root: HTMLElement) {
    this.#root = root;
    window.addEventListener('popstate', () => this.open());
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** What the address names. */
  open(): void {
    const address = parseAssetAddress(location.pathname, location.href);
    if (address === null) throw new Error('not the address of an Asset');
    // What was there is kept, and the player: it may fill the screen.
    this.#party.open(address.assetId);
    this.#player?.pause();
    this.#keeper?.leave();
    this.#closeFeed();
    this.#assetId = address.assetId;
    const { session, place, src } = this.#view;
    this.#view = {
      ...emptyView(),
      ...{ session, src, filesUrl: `${new URL(address.url).pathname}/files/` },
      place: place?.id === wantedCollection() ? placeOf(address.assetId, place) : null,
    };
    this.#openFeed(address);
    this.#nextUp.end();
    this.#begin();
    this.#changed();
    void this.#learn();
  }

  #openFeed(address: { url: string; assetId: string }): void {
    const { feed, close } = openAssetFeed(address);
    const unlisten = feed.on('changed', () => this.#changed());
    this.#feed = feed;
    this.#closeFeed = () => {
      unlisten();
      close();
    };
  }

  /** Finds out where to begin: then there is a player. */
  #begin(): void {
    this.#resuming.end();
    const begin = (seconds: number) => this.#beginAt(seconds);
    if (saysWhere(location.search)) return begin(0);
    void this.#resuming.find(this.#assetId, begin, () => this.#isEarly);
  }

  /** In the same player, whatever the address says. */
  #showFrom(seconds: number): void {
    this.#view.src = `${location.pathname}?t=${seconds.toFixed(3)}`;
    this.#draw();
  }

  /** @param seconds 0 for what the address says */
  #beginAt(seconds: number): void {
    const query = new URLSearchParams(location.search);
    if (seconds > 0) query.set('t', String(seconds));
    this.#view.src = `${location.pathname}?${query}`;
    this.#keeper?.begin(this.#assetId, seconds);
    this.#draw();
  }

  get #isEarly(): boolean {
    return (this.#player?.currentTime ?? 0) < SETTLED;
  }

  async #learn(): Promise<void> {
    const id = this.#assetId;
    const collection = wantedCollection();
    const guessed = wasSomebody();
    const [session, place] = await Promise.allSettled([
      whoLooks(),
      collection === null ? null : fetchPlace(collection, id),
    ]);
    if (id !== this.#assetId) return;
    if (session.status === 'fulfilled') {
      this.#view.session = session.value;
      this.#knowsWho = true;
    }
    this.#view.place = place.status === 'fulfilled' ? place.value : null;
    this.#draw();
    this.#showPresent();
    if (!guessed && this.#view.session.id !== null) await this.#offerPlaceOfPerson();
  }

  /** Nobody knew that there is somebody who may have been further. */
  async #offerPlaceOfPerson(): Promise<void> {
    if (saysWhere(location.search)) return;
    const asked = positionsOf(this.#view.session).get(this.#assetId);
    await this.#resuming
      .offer(asked, () => this.#isEarly)
      .catch((error: unknown) => console.debug('sfumato: where it was left', error));
  }

  #changed(): void {
    const { asset = null, problem } = this.#feed ?? {};
    const wasImage = this.#view.asset?.kind === 'image';
    this.#view.asset = problem === 'gone' && wasImage ? null : asset;
    if (asset !== null) document.title = `${asset.title} · Sfumato`;
    this.#draw();
  }

  #draw(): void {
    this.#view.nextUp = this.#nextUp.state;
    this.#view.resumed = this.#resuming.told;
    this.#view.loop = this.#party.loop ?? this.#view.loop;
    render(html`${header}<main>${this.#content()}</main>`, this.#root);
    this.#adopt();
  }

  #content() {
    if (this.#feed?.problem === 'notFound') return nothingHere(this.#actions);
    const { place, asset, session } = this.#view;
    const together = this.#party.button(asset, session);
    const go = (event: MouseEvent, id: string) => this.#follow(event, id);
    return html`
      <div class="watching">
        <div class="stage asset">${this.#stage()}
          ${aboutAsset(this.#view, this.#actions, together)} ${this.#party.panel()}</div>
        ${place === null ? nothing : collectionList(place, this.#assetId, { go })}
      </div>
    `;
  }

  /** The player, or the image. While it is not known what it will be, the player waits with its words. */
  #stage() {
    const { asset, filesUrl, src, loop, place } = this.#view;
    if (asset?.kind === 'image' && asset.watchable) {
      return html`<sfumato-image .asset=${asset} .filesUrl=${filesUrl}></sfumato-image>`;
    }
    if (src === null) return html`<div class="stage-waits"></div>`;
    const playedOn = () => this.#nextUp.end();
    return html`
      <sfumato-player src=${src} ?autoplay=${asset?.kind !== 'image' && !this.#party.wasOpen} ?loop=${loop && !this.#party.isOpen}
        ?hasprevious=${place?.before !== undefined} ?hasnext=${place?.after !== undefined}
        @previoustrack=${() => this.#step('before')} @nexttrack=${() => this.#step('after')}
        @play=${playedOn} @playing=${playedOn} @ended=${() => this.#ended()}
        >${overThePicture(this.#view, this.#overActions)} ${this.#party.notice()}</sfumato-player>
    `;
  }

  readonly #actions: PageActions = {
    share: () => void this.#share('page', location.origin + location.pathname),
    shareTime: () => void this.#share('time', this.#addressOfMoment()),
    toggleLoop: () => this.#toggleLoop(),
    captionsLook: () => this.#player !== null && wearCaptionStyle(this.#player),
    signedIn: () => {
      this.#feed?.lookAgain();
      void this.#learn();
    },
  };

  readonly #overActions: OverActions = {
    fromBeginning: () => this.#answerNotice(0),
    goThere: () => this.#answerNotice(this.#view.resumed?.seconds ?? null),
    dismiss: () => this.#answerNotice(null),
    playNext: () => {
      this.#step('after');
      this.#player?.focus();
    },
    stay: () => {
      this.#nextUp.stay();
      this.#player?.focus();
    },
  };

  /** The button goes with the notice, and the focus to the player. @param seconds null to stay where it is */
  #answerNotice(seconds: number | null): void {
    if (this.#player !== null && seconds !== null) this.#player.currentTime = seconds;
    this.#resuming.end();
    this.#player?.focus();
  }

  #ended(): void {
    const { place, loop } = this.#view;
    this.#resuming.end();
    if (place?.after !== undefined && !loop && !isParty()) this.#nextUp.offer(place.after);
  }

  #step(to: 'before' | 'after'): void {
    const id = this.#view.place?.[to]?.id;
    if (id !== undefined) this.#go(id);
  }

  /** A link of the list, but for those who want it in another tab. */
  #follow(event: MouseEvent, id: string): void {
    const { button, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
    event.preventDefault();
    this.#go(id);
  }

  #go(id: string): void {
    const collection = wantedCollection();
    history.pushState(null, '', collection === null ? `/watch/${id}` : addressIn(collection, id));
    this.open();
  }

  #onKey(event: KeyboardEvent): void {
    // The player closes its panel by the same key, and that is no reason to go on.
    if (event.key === 'Escape') return this.#nextUp.stay();
    const image = this.#root.querySelector('sfumato-image');
    const step = stepOfKey({
      key: event.key,
      shift: event.shiftKey,
      modified: event.ctrlKey || event.metaKey || event.altKey,
      typing: takesKeys(event.composedPath()[0]),
      wholeImage: image !== null && !image.zoomed,
    });
    if (step === null || event.defaultPrevented) return;
    event.preventDefault();
    this.#step(step);
  }

  #toggleLoop(): void {
    if (this.#party.isOpen) return this.#party.toggleLoop();
    this.#view.loop = !this.#view.loop;
    const url = new URL(location.href);
    if (this.#view.loop) url.searchParams.set('loop', '1');
    else url.searchParams.delete('loop');
    history.replaceState(null, '', url);
    this.#nextUp.end();
    this.#draw();
  }

  #addressOfMoment(): string {
    const seconds = Math.floor(this.#player?.currentTime ?? 0);
    return `${location.origin}${location.pathname}?t=${seconds}`;
  }

  async #share(what: 'page' | 'time', url: string): Promise<void> {
    const view = this.#view;
    if (!(await share(url))) return;
    view.copied = what;
    this.#draw();
    setTimeout(() => {
      view.copied = null;
      this.#draw();
    }, SHARED_SHOWN_MS);
  }

  /** The player of the page, when it is there; another one, when that is another. */
  #adopt(): void {
    const player = this.#root.querySelector('sfumato-player');
    if (player === this.#player) return;
    this.#keeper?.close();
    this.#keeper = null;
    this.#player = player;
    this.#party.adopt(player);
    if (player === null) {
      delete window.sfumato;
      return;
    }
    window.sfumato = player;
    wearCaptionStyle(player);
    this.#keeper = this.#keeperOf(player);
    this.#keeper.begin(this.#assetId, this.#view.resumed?.seconds ?? 0);
  }

  #keeperOf(player: SfumatoPlayer): PositionKeeper {
    return new PositionKeeper(player, (asset, seconds) => {
      if (isParty()) return;
      const guessed = { id: wasSomebody() ? 'somebody' : null };
      positionsOf(this.#knowsWho ? this.#view.session : guessed)
        .put(asset, seconds)
        .catch((error: unknown) => console.debug('sfumato: the position', error));
    });
  }

  /** Where in the list one is, is in sight; the page itself stays where it is. */
  #showPresent(): void {
    const list = this.#root.querySelector('.listed ol');
    const present = list?.querySelector<HTMLElement>('[aria-current]');
    if (list && present) list.scrollTop = present.offsetTop - list.clientHeight / 3;
  }
}

function emptyView(): PageView {
  return {
    ...{ asset: null, filesUrl: '', session: NOBODY, place: null, src: null, copied: null },
    ...{ resumed: null, nextUp: null },
    loop: new URLSearchParams(location.search).get('loop') === '1',
  };
}

function wantedCollection(): string | null {
  const collection = new URLSearchParams(location.search).get('collection');
  return libraryIdSchema.safeParse(collection).success ? collection : null;
}

/** Where others are is not where this person has come by themselves. */
function isParty(): boolean {
  return new URLSearchParams(location.search).has('party');
}
