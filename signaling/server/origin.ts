/**
 * May a page of this origin open the socket? Browsers send the header on every WebSocket (RFC 6455
 * section 10.2) and do not let pages forge it; what sends none is no browser, and no user's cookies
 * travel with it.
 *
 * @param origin the `Origin` header
 * @param host the `Host` header: a page of this very server is always welcome
 * @param allowed further origins, such as `https://example.org`
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  const url = URL.parse(origin);
  if (url === null) return false;
  return url.host === host || allowed.includes(url.origin);
}
