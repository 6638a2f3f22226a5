/** A link's address, if it leads to something to watch on this server. */
export function playableAddress(href: string, server: string): string | null {
  const url = URL.parse(href);
  return url?.origin === server && /^\/(?:watch|embed)\/[^/]+$/.test(url.pathname)
    ? url.href
    : null;
}

/** The API's paths of all that the page names to be played, elements and links. */
export function namedThings(server: string): string[] {
  const named = [...document.querySelectorAll('sfumato-player[src], a.sfumato[href]')];
  const addresses = named.map((one) => one.getAttribute('src') ?? one.getAttribute('href') ?? '');
  return addresses.flatMap((address) => pathOfThing(address, server) ?? []);
}

/** @returns null for what is not to be watched on this server */
export function pathOfThing(address: string, server: string): string | null {
  const id =
    playableAddress(address, server) === null
      ? undefined
      : URL.parse(address)?.pathname.split('/')[2];
  if (id === undefined) return null;
  return `${/^[A-Z0-9]{16}$/.test(id) ? 'assets' : 'channels'}/${id}`;
}

/** `<a class="sfumato" href="…/watch/demo" data-muted>` becomes `<sfumato-player src="…" muted>`. */
export function upgradeLinks(server: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a.sfumato[href]')) {
    const src = playableAddress(link.href, server);
    if (src !== null) link.replaceWith(playerFor(link, src));
  }
}

function playerFor(link: HTMLAnchorElement, src: string): HTMLElement {
  const player = document.createElement('sfumato-player');
  player.setAttribute('src', src);
  player.setAttribute('aria-label', link.textContent.trim() || 'Video');
  for (const { name, value } of link.attributes) {
    if (name.startsWith('data-')) player.setAttribute(name.slice('data-'.length), value);
  }
  return player;
}
