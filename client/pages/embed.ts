import {
  type Asset,
  type ChannelInfo,
  readEmbedParameters,
} from '../../signaling/contract/index.ts';
import { setCaptions, setQuality } from '../embed/obeyed.ts';
import { Outside } from '../embed/outside.ts';
import { SfumatoPlayer } from '../player/sfumato-player.ts';
import { takeToken } from './embedding/address-token.ts';

/** The player and nothing else, for a frame on another site. */
takeToken();
const wishes = readEmbedParameters(location.search);
const player = new SfumatoPlayer();
player.setAttribute('src', location.pathname + location.search);
player.toggleAttribute('autoplay', wishes.autoplay);
player.toggleAttribute('muted', wishes.muted);
player.toggleAttribute('loop', wishes.loop);
if (!wishes.controls) player.setAttribute('controls', 'false');
if (wishes.color !== undefined) player.style.setProperty('--ochre', wishes.color);
if (wishes.lang !== undefined) document.documentElement.lang = wishes.lang;
document.querySelector('main')?.append(player);
window.sfumato = player;

for (const type of ['channelchange', 'assetchange'] as const) {
  player.addEventListener(type, ({ detail }: CustomEventInit<ChannelInfo | Asset>) => {
    if (detail === undefined) return;
    document.title = `${detail.title} · Sfumato`;
    const heading = document.querySelector('h1');
    if (heading !== null) heading.textContent = detail.title;
    if ('kind' in detail && detail.kind === 'image' && detail.watchable) void becomeImage(detail);
  });
}
player.addEventListener('started', begin, { once: true });
document.addEventListener('keydown', (event) => {
  if (event.target === document.body) player.handleKey(event);
});

if (window.parent !== window) {
  const origin = new URLSearchParams(location.search).get('origin');
  new Outside(player, window.parent, origin).ready();
}

/** What can be wished of it only when it is known what there is. */
function begin(): void {
  if (wishes.volume !== undefined) player.volume = wishes.volume / 100;
  if (wishes.quality !== 'auto') setQuality(player, wishes.quality);
  if (wishes.captions !== undefined) setCaptions(player, wishes.captions);
  if (wishes.end !== undefined) stopAt(wishes.end);
}

function stopAt(seconds: number): void {
  const timer = setInterval(() => {
    if (player.currentTime < seconds) return;
    clearInterval(timer);
    player.pause();
  }, 100);
}

async function becomeImage(asset: Asset): Promise<void> {
  const { showImage } = await import('./embedding/embed-image.ts');
  showImage(player, asset);
}
