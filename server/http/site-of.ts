/** What a browser says of the page that asks (RFC 6454; W3C Fetch Metadata); programs say nothing. */
export interface PageHeaders {
  origin: string | undefined;
  referer: string | undefined;
  fetchSite: string | undefined;
  /** What it is for: `image`, `video`, `empty` … */
  fetchDest: string | undefined;
  host: string | undefined;
  /** The site around our page, where it is in a frame: our page says it itself. */
  around: string | undefined;
}

/** By which our own page says on which site it is. */
export const SITE_HEADER = 'X-Sfumato-Site';

/** Pages and frames are no media: which site may show a page in a frame is told to the browser. */
const PAGES = new Set(['document', 'iframe', 'frame', 'embed', 'object']);

/**
 * The site whose page asks; undefined for pages of ours and for programs. A page that hides where it is from is `null`.
 *
 * @param publicUrl the setting PUBLIC_URL
 */
export function siteOf(headers: PageHeaders, publicUrl: string | undefined): string | undefined {
  const { host, around } = headers;
  const asking = askingSite(headers, publicUrl);
  // It can only take something away: nobody has a reason to make it up.
  if (asking !== undefined || around === undefined) return asking;
  if (URL.parse(around)?.origin !== around) return undefined;
  return unlessOurs(around, host, publicUrl);
}

function askingSite(
  { origin, referer, fetchSite, fetchDest, host }: PageHeaders,
  publicUrl: string | undefined,
): string | undefined {
  if (origin !== undefined) return unlessOurs(origin, host, publicUrl);
  // Elements fetch without an origin: what they name comes from elsewhere all the same.
  const isElsewhere = fetchSite === 'cross-site' || fetchSite === 'same-site';
  if (!isElsewhere || PAGES.has(fetchDest ?? '')) return undefined;
  return unlessOurs(URL.parse(referer ?? '')?.origin ?? 'null', host, publicUrl);
}

function unlessOurs(origin: string, host: string | undefined, publicUrl: string | undefined) {
  const url = URL.parse(origin);
  if (url === null) return 'null';
  return url.host === host || url.origin === publicUrl ? undefined : url.origin;
}
