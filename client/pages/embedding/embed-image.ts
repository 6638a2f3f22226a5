/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import '../asset/sfumato-image.ts';
import type { Asset } from '../../../signaling/contract/index.ts';
import { type AssetAddress, parseAssetAddress } from '../../player/stored/asset-address.ts';
import { openAssetFeed } from '../../player/stored/asset-feed.ts';
import type { SfumatoPlayer } from '../../player/sfumato-player.ts';

/** An image takes the player's place, until it may not be seen any more: what is to be said then, the player says. */
export function showImage(player: SfumatoPlayer, asset: Asset): void {
  const address = parseAssetAddress(location.pathname, location.href);
  if (address === null || !player.isConnected) return;
  const image = document.createElement('sfumato-image');
  image.filesUrl = `${address.url}/files/`;
  image.asset = asset;
  // Opened before the player lets go of it: it is the same one.
  followImage(address, (now) => {
    if (now !== null) image.asset = now;
    else image.replaceWith(player);
  });
  player.replaceWith(image);
}

/** @param changed hears of the image, and of its end: null */
function followImage(address: AssetAddress, changed: (asset: Asset | null) => void): void {
  const { feed, close } = openAssetFeed(address);
  const unlisten = feed.on('changed', () => {
    if (feed.problem === 'unreachable') return;
    const isThere = feed.problem === null && feed.asset !== null;
    changed(isThere ? feed.asset : null);
    if (isThere) return;
    unlisten();
    close();
  });
}
