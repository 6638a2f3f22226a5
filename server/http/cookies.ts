import type { CookieOptions } from 'express';

/**
 * The session's cookie. Where the connection is secure its name begins with `__Host-`, so that no other
 * host of the domain can set it (RFC 6265bis section 4.1.3.2); browsers refuse that name on plain HTTP.
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-sfumato' : 'sfumato';
}

/** Of a browser that is away to sign in at another service. */
export function signInCookieName(secure: boolean): string {
  return `${sessionCookieName(secure)}-sign-in`;
}

/** Lax, for the browser comes back by a link of another site. */
export function sessionCookieOptions(secure: boolean): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure };
}

/** @param header `Cookie`, RFC 6265 section 4.2.1 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
