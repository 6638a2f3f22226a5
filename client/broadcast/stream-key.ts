import { streamKeySchema } from '../../signaling/contract/index.ts';

/** The key in a link's fragment, `#key=…`; null where there is none. A fragment never reaches a server. */
export function keyInFragment(hash: string): string | null {
  const key = new URLSearchParams(hash.replace(/^#/, '')).get('key');
  return key !== null && isStreamKey(key) ? key : null;
}

/** Could this be a stream key at all? Whether it is one, only the server knows. */
export function isStreamKey(text: string): boolean {
  return streamKeySchema.safeParse(text).success;
}

const storageName = (channelId: string) => `sfumato.streamKey.${channelId}`;

/**
 * Takes the key out of the address bar, where it would be read over a shoulder or shared by mistake, and
 * keeps it for this tab, so that a reload still has it. @returns the key, if this tab has one
 */
export function takeStreamKey(channelId: string): string | null {
  const key = keyInFragment(location.hash);
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  if (key !== null) rememberStreamKey(channelId, key);
  return key ?? sessionStorage.getItem(storageName(channelId));
}

export function rememberStreamKey(channelId: string, key: string): void {
  sessionStorage.setItem(storageName(channelId), key);
}

export function forgetStreamKey(channelId: string): void {
  sessionStorage.removeItem(storageName(channelId));
}
