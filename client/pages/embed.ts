import type { ChannelInfo } from '../../signaling/contract/index.ts';
import { SfumatoPlayer } from '../player/sfumato-player.ts';

/** The player and nothing else, for a frame on another site. */
const player = new SfumatoPlayer();
player.setAttribute('src', location.pathname);
player.setAttribute('autoplay', '');
player.addEventListener('channelchange', ({ detail }: CustomEventInit<ChannelInfo>) => {
  if (detail === undefined) return;
  document.title = `${detail.title} · Sfumato`;
  const heading = document.querySelector('h1');
  if (heading !== null) heading.textContent = detail.title;
});
document.querySelector('main')?.append(player);
window.sfumato = player;
document.addEventListener('keydown', (event) => {
  if (event.target === document.body) player.handleKey(event);
});
