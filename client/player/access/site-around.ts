/** What of a page says where it stands. */
export type Surroundings = {
  isFramed: boolean;
  origin: string;
  /** The nearest first (https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins). */
  ancestors: readonly string[] | undefined;
  referrer: string;
};

/**
 * The site that shows this page in a frame: what the server is told, since the page's own origin says nothing of it.
 *
 * @returns undefined for a page in no frame, in one of its own site, and where the site hides itself
 */
export function siteAround({
  isFramed,
  origin,
  ancestors,
  referrer,
}: Surroundings): string | undefined {
  if (!isFramed) return undefined;
  const site = ancestors?.[0] ?? URL.parse(referrer)?.origin;
  return site === undefined || site === origin || !/^https?:/.test(site) ? undefined : site;
}

const here = (): Surroundings => ({
  isFramed: window.parent !== window,
  origin: location.origin,
  // Not every browser has it.
  ancestors: 'ancestorOrigins' in location ? [...location.ancestorOrigins] : undefined,
  referrer: document.referrer,
});

let known: { site: string | undefined } | undefined;

/** @param address of a server's socket, or of a stream of events */
export function withSite(address: string): string {
  const site = siteToTell(address);
  if (site === undefined) return address;
  const url = new URL(address);
  url.searchParams.set('site', site);
  return url.href;
}

/** Of this page, for a server whose page it is: elsewhere the browser says it itself. @param address of the server */
export function siteToTell(address: string): string | undefined {
  if (typeof window === 'undefined') return undefined;
  if (new URL(address, location.href).origin.replace(/^ws/, 'http') !== location.origin)
    return undefined;
  known ??= { site: siteAround(here()) };
  return known.site;
}
