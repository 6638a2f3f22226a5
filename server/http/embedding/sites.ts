import type { Request, RequestHandler } from 'express';

/** `frame-ancestors` (CSP 3 section 6.4.2) of the page that is made for frames. @param sites origins, or `*` for all */
export function frameAncestors(sites: readonly string[]): string {
  return sites.includes('*') ? 'frame-ancestors *' : ["frame-ancestors 'self'", ...sites].join(' ');
}

/** Those of the first list on which something may be used that the second allows. @param sites undefined: all */
export function cutSites(
  allowed: readonly string[],
  sites: readonly string[] | undefined,
): readonly string[] {
  if (sites === undefined || sites.includes('*')) return allowed;
  return allowed.includes('*') ? sites : allowed.filter((site) => sites.includes(site));
}

/** What a page of another site may send along (Fetch, section 3.3). */
const HEADERS =
  'Authorization, Content-Type, Range, If-None-Match, If-Modified-Since, Last-Event-ID';

/** What pages of other sites may ask: they read, and say a password. */
const METHODS = ['GET', 'HEAD'];
const UNLOCK = /\/unlock\/?$/;

export interface ReadableOptions {
  /** Origins that may read everything; `*` for all. */
  sites: readonly string[];
  /** May others read the one thing that is asked for? Without it none may. */
  mayRead?: (site: string, request: Request) => Promise<boolean>;
}

/**
 * Lets scripts of these sites read what strangers may read, so that they can play without a frame. Cookies do not count
 * there: credentials are not allowed. What a token opens is shown with the token.
 */
export function readableBy({ sites, mayRead }: ReadableOptions): RequestHandler {
  const all = sites.includes('*');
  return async (request, response, next) => {
    const mayPost = UNLOCK.test(request.path);
    const methods = mayPost ? ['POST'] : METHODS;
    if (![...methods, 'OPTIONS'].includes(request.method)) return next();
    if (!all) response.vary('Origin');
    const origin = request.get('origin');
    const known = origin !== undefined && sites.includes(origin);
    if (!all && !known) {
      if (origin === undefined || (await mayRead?.(origin, request)) !== true) return next();
    }
    response.set({
      'Access-Control-Allow-Origin': all ? '*' : origin,
      'Access-Control-Expose-Headers': 'Content-Length, Content-Range, ETag, Retry-After',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (request.method !== 'OPTIONS') return next();
    response.set({
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': HEADERS,
      'Access-Control-Max-Age': '86400',
    });
    response.status(204).end();
  };
}
