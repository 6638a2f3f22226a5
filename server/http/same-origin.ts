export interface OriginHeaders {
  /** Sent by browsers on trustworthy connections (W3C Fetch Metadata); no page can forge it. */
  fetchSite: string | undefined;
  /** Sent by browsers with everything but GET and HEAD. */
  origin: string | undefined;
  host: string | undefined;
}

/**
 * Does a request that changes something come from a page of this server? Only such a page may use the
 * session of whoever looks at it: the browser sends the cookie along for others too.
 *
 * @param publicUrl the setting PUBLIC_URL
 * @returns undefined where the headers say nothing: it was no browser
 */
export function isSameOrigin(
  { fetchSite, origin, host }: OriginHeaders,
  publicUrl: string | undefined,
): boolean | undefined {
  if (fetchSite !== undefined) return fetchSite === 'same-origin';
  if (origin === undefined) return undefined;
  const url = URL.parse(origin);
  if (url === null) return false;
  return url.host === host || url.origin === publicUrl;
}
