/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import './sfumato-image.ts';
import { html, nothing, render } from 'lit';
import { libraryIdSchema } from '../../signaling/contract/index.ts';
import { parseAssetAddress } from '../player/asset-address.ts';
import { openAssetFeed } from '../player/asset-feed.ts';
import { whoLooks } from './api.ts';
import { fetchPlace } from './asset-api.ts';
import { aboutAsset, nothingHere, type PageView } from './asset-parts.ts';
import { describeAsset, obeyMediaKeys } from './asset-session.ts';
import { header } from './parts.ts';
import { NOBODY } from './session.ts';
import { share, SHARED_SHOWN_MS } from './share.ts';

/** The page of an Asset: draws itself, and again at every change. */
export function watchAsset(): void {
  const root = document.querySelector<HTMLElement>('#page');
  const address = parseAssetAddress(location.pathname, location.href);
  if (root === null || address === null) throw new Error('not the page of an Asset');
  const { feed } = openAssetFeed(address);
  const filesUrl = `${new URL(address.url).pathname}/files/`;
  const view: PageView = { asset: null, filesUrl, session: NOBODY, place: null, shared: false };
  const wanted = parameters();

  const draw = () => {
    render(html`${header}<main>${content()}</main>`, root);
    adoptPlayer(view);
  };
  const content = () => {
    const actions = { share: () => void sharePressed(), signedIn: () => signedIn() };
    if (feed.problem === 'notFound') return nothingHere(actions);
    return html`
      <div class="stage asset">${stage(view)}
        ${view.asset === null ? nothing : aboutAsset(view, actions)}</div>
    `;
  };
  const changed = () => {
    view.asset = feed.problem === 'gone' && view.asset?.kind === 'image' ? null : feed.asset;
    if (feed.asset !== null) {
      document.title = `${feed.asset.title} · Sfumato`;
      describeAsset(feed.asset, filesUrl);
    }
    draw();
  };
  const sharePressed = async () => {
    view.shared = await share(location.origin + location.pathname);
    draw();
    setTimeout(() => {
      view.shared = false;
      draw();
    }, SHARED_SHOWN_MS);
  };
  const learn = async () => {
    const [session, place] = await Promise.allSettled([
      whoLooks(),
      wanted.collection === null ? null : fetchPlace(wanted.collection, address.assetId),
    ]);
    if (session.status === 'fulfilled') view.session = session.value;
    if (place.status === 'fulfilled') view.place = place.value;
    draw();
  };
  const signedIn = () => {
    feed.lookAgain();
    void learn();
  };

  feed.on('changed', changed);
  changed();
  void learn();
}

/** The player, or the image. While it is not known what it will be, the player waits with its words. */
function stage({ asset, filesUrl }: PageView) {
  if (asset?.kind === 'image' && asset.watchable) {
    return html`<sfumato-image .asset=${asset} .filesUrl=${filesUrl}></sfumato-image>`;
  }
  const src = location.pathname + location.search;
  return html`<sfumato-player src=${src} ?autoplay=${asset?.kind !== 'image'}></sfumato-player>`;
}

function adoptPlayer(view: PageView): void {
  const player = document.querySelector('sfumato-player');
  if (player === null || window.sfumato === player) return;
  window.sfumato = player;
  void player.updateComplete.then(() => obeyMediaKeys(player, () => view.place));
}

function parameters(): { collection: string | null } {
  const collection = new URLSearchParams(location.search).get('collection');
  return { collection: libraryIdSchema.safeParse(collection).success ? collection : null };
}
