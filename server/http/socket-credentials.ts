import type { IncomingHttpHeaders } from 'node:http';
import type { Access, Credentials } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { PassReader, Visitor } from '../access/visitor.ts';
import { readCookie, sessionCookieName } from './cookies.ts';
import { readPass } from './credentials.ts';
import { isSameOrigin } from './same-origin.ts';
import { siteOf } from './site-of.ts';

/** The request that opened a socket. */
export interface SocketRequest {
  headers: IncomingHttpHeaders;
  remoteAddress: string | undefined;
  /** Did it come by TLS? */
  encrypted: boolean;
  /** Its path, and what stands behind the `?`. */
  url?: string | undefined;
}

/** A proxy on this machine is believed about whom it speaks for, as with other requests. */
const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/**
 * As whom a socket was opened.
 *
 * @returns undefined for a stranger, and for another site's page, whatever cookie its browser sent along
 * @throws SfumatoError `unauthorized` for a wrong token
 */
export async function identifySocket(
  request: SocketRequest,
  { access, publicUrl }: { access: Access; publicUrl: string | undefined },
): Promise<Principal | undefined> {
  return await access.identify(credentialsOf(request, publicUrl));
}

/**
 * The same, with everything else that was shown. The site of a page is that of the socket.
 *
 * @throws SfumatoError as `identifySocket`; `unavailable` where nobody can tell at the moment
 */
export async function visitSocket(
  request: SocketRequest,
  token: string | undefined,
  {
    access,
    passes,
    publicUrl,
  }: { access: Access; passes: PassReader; publicUrl: string | undefined },
): Promise<Visitor> {
  const { origin, host } = request.headers;
  const around = URL.parse(request.url ?? '', 'http://localhost')?.searchParams.get('site');
  const nothing = { referer: undefined, fetchSite: undefined, fetchDest: undefined };
  const page = { origin, host, ...nothing, around: around ?? undefined };
  return {
    principal: await identifySocket(request, { access, publicUrl }),
    pass: token === undefined ? undefined : await readPass(passes, token),
    site: siteOf(page, publicUrl),
    address: addressOf(request),
    agent: request.headers['user-agent'],
  };
}

export function credentialsOf(request: SocketRequest, publicUrl: string | undefined): Credentials {
  const { authorization, cookie } = request.headers;
  const [scheme, bearer] = (authorization ?? '').split(/ +/, 2);
  const name = sessionCookieName(isSecure(request, publicUrl));
  return {
    bearer: scheme?.toLowerCase() === 'bearer' ? (bearer ?? '') : undefined,
    session: isOwnPage(request, publicUrl) ? readCookie(cookie, name) : undefined,
  };
}

/** Browsers say of every socket from where it is opened; no page can forge that. */
function isOwnPage({ headers }: SocketRequest, publicUrl: string | undefined): boolean {
  const fetchSite = headers['sec-fetch-site'];
  const { origin, host } = headers;
  const read = { fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined, origin, host };
  return isSameOrigin(read, publicUrl) === true;
}

/** Of whoever opened a socket; undefined where a proxy on this machine did not tell for whom it speaks. */
export function addressOf({ headers, remoteAddress }: SocketRequest): string | undefined {
  if (remoteAddress === undefined || !LOOPBACK.test(remoteAddress)) return remoteAddress;
  const forwarded = headers['x-forwarded-for'];
  const addresses = typeof forwarded === 'string' ? forwarded.split(',') : [];
  // The last is what that proxy saw; those before it anybody could have written.
  return addresses.map((one) => one.trim()).findLast((one) => one !== '' && !LOOPBACK.test(one));
}

function isSecure({ headers, remoteAddress, encrypted }: SocketRequest, publicUrl?: string) {
  if (encrypted || publicUrl?.startsWith('https:') === true) return true;
  const forwarded = headers['x-forwarded-proto'];
  if (typeof forwarded !== 'string' || !LOOPBACK.test(remoteAddress ?? '')) return false;
  return forwarded.split(',')[0]?.trim() === 'https';
}
