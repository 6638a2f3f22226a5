/* oxlint-disable import/no-unassigned-import -- custom elements register themselves */
import '../player/sfumato-player.ts';
import { libraryIdSchema } from '../../signaling/contract/index.ts';
import type { SfumatoPlayer } from '../player/sfumato-player.ts';
import { takeToken } from './embedding/address-token.ts';
import { watchChannel } from './watch/watch-channel.ts';

declare global {
  interface Window {
    /** The page's player, for scripts and tests: `sfumato.stats()`. */
    sfumato?: SfumatoPlayer;
  }
}

takeToken();
const id = location.pathname.split('/')[2] ?? '';
if (libraryIdSchema.safeParse(id).success) {
  import('./watch/watch-asset.ts')
    .then(({ watchAsset }) => watchAsset())
    .catch((error: unknown) => console.error('sfumato: the page cannot be drawn', error));
} else {
  watchChannel();
  const player = document.querySelector('sfumato-player');
  if (player !== null) window.sfumato = player;
}
document.addEventListener('keydown', (event) => {
  if (event.target === document.body) window.sfumato?.handleKey(event);
});
