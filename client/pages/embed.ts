import type { Asset, ChannelInfo } from '../../signaling/contract/index.ts';
import { parseAssetAddress } from '../player/asset-address.ts';
import { SfumatoPlayer } from '../player/sfumato-player.ts';

/** The player and nothing else, for a frame on another site. */
const parameters = new URLSearchParams(location.search);
const player = new SfumatoPlayer();
player.setAttribute('src', location.pathname + location.search);
player.toggleAttribute('autoplay', parameters.get('autoplay') !== '0');
player.toggleAttribute('loop', parameters.get('loop') === '1');
for (const type of ['channelchange', 'assetchange'] as const) {
  player.addEventListener(type, ({ detail }: CustomEventInit<ChannelInfo | Asset>) => {
    if (detail === undefined) return;
    document.title = `${detail.title} · Sfumato`;
    const heading = document.querySelector('h1');
    if (heading !== null) heading.textContent = detail.title;
    if ('kind' in detail && detail.kind === 'image' && detail.watchable) void showImage(detail);
  });
}
document.querySelector('main')?.append(player);
window.sfumato = player;
document.addEventListener('keydown', (event) => {
  if (event.target === document.body) player.handleKey(event);
});

/** An image takes the player's place. */
async function showImage(asset: Asset): Promise<void> {
  const { SfumatoImage } = await import('./sfumato-image.ts');
  const image = document.querySelector('sfumato-image') ?? new SfumatoImage();
  image.asset = asset;
  image.filesUrl = `${parseAssetAddress(location.pathname, location.href)?.url ?? ''}/files/`;
  player.replaceWith(image);
}
