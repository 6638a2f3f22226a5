import { namedThings, upgradeLinks } from './links.ts';

/**
 * `/embed.js`: `<sfumato-player src="https://video.example/watch/demo">` on any page. Where the server lets this site play
 * without a frame (ALLOWED_ORIGINS, or the rules of all that is named in the page) it is the player itself, else the player in a frame, with the same words. Links with
 * the class `sfumato` become players, so that those without scripts have a link.
 *
 * ```html
 * <script type="module" src="https://video.example/embed.js"></script>
 * <sfumato-player src="https://video.example/watch/demo"></sfumato-player>
 * ```
 */
const SERVER = new URL(import.meta.url).origin;

/** May scripts of this page read what the server has, or all that is to be played in this page? */
async function mayPlayHere(): Promise<boolean> {
  if (location.origin === SERVER || (await isReadable('channels'))) return true;
  const things = namedThings(SERVER);
  const readable = await Promise.all(things.map((thing) => isReadable(thing)));
  return things.length > 0 && readable.every(Boolean);
}

/** Whatever it is answered: the browser hands out nothing of what this site may not read. */
async function isReadable(path: string): Promise<boolean> {
  try {
    await fetch(`${SERVER}/api/v1/${path}`, { method: 'HEAD' });
    return true;
  } catch (error) {
    console.debug('sfumato: plays in a frame', error);
    return false;
  }
}

async function begin(): Promise<void> {
  if (customElements.get('sfumato-player') === undefined) {
    if (await mayPlayHere()) await import('../player/sfumato-player.ts');
    else (await import('./framed-player.ts')).defineFramedPlayer();
  }
  upgradeLinks(SERVER);
}

void begin();
