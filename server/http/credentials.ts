import type { Request, Response } from 'express';
import { playbackTokenSchema, SfumatoError } from '../../signaling/contract/index.ts';
import type { Access, Credentials } from '../access/access.ts';
import { SIGN_IN_MS } from '../access/oidc/oidc-sign-in.ts';
import type { Principal } from '../access/principal.ts';
import { isStreamKey } from '../access/stream-keys.ts';
import type { PassReader, Visitor } from '../access/visitor.ts';
import {
  readCookie,
  sessionCookieName,
  sessionCookieOptions,
  signInCookieName,
} from './cookies.ts';
import { isSameOrigin } from './same-origin.ts';
import { SITE_HEADER, siteOf } from './site-of.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Reads from a request who asks, and keeps the session's cookie. */
export class RequestCredentials {
  readonly #access: Access;
  readonly #passes: PassReader;
  readonly #publicUrl: string | undefined;

  constructor(access: Access, passes: PassReader, publicUrl: string | undefined) {
    this.#access = access;
    this.#passes = passes;
    this.#publicUrl = publicUrl;
  }

  /**
   * Who asks, with everything that was shown.
   *
   * @throws SfumatoError `unauthorized` for a wrong token, `forbidden` for what another site's page sends
   *   in the name of whoever looks at it
   */
  async visit(request: Request): Promise<Visitor> {
    const credentials = this.read(request);
    const token = playbackTokenOf(request, credentials, this.#access);
    const isPass = token !== undefined && token === credentials.bearer;
    const { bearer, session } = isPass ? { ...credentials, bearer: undefined } : credentials;
    // A browser asks before it sends a header of another site's page, and is told then.
    if (credentials.bearer === undefined) this.#refuseForgery(request, credentials);
    const principal = await this.#access.identify({ bearer, session });
    const pass = token === undefined ? undefined : await readPass(this.#passes, token);
    return { ...this.stranger(request), principal, pass };
  }

  /** Where nothing is to be proved. */
  stranger(request: Request): Visitor {
    const headers = {
      origin: request.get('Origin'),
      referer: request.get('Referer'),
      fetchSite: request.get('Sec-Fetch-Site'),
      fetchDest: request.get('Sec-Fetch-Dest'),
      host: request.get('Host'),
      around: request.get(SITE_HEADER) ?? textOf(request.query['site']),
    };
    const site = siteOf(headers, this.#publicUrl);
    const agent = request.get('User-Agent');
    return { principal: undefined, pass: undefined, site, address: request.ip, agent };
  }

  /** @throws SfumatoError as `visit` */
  async identify(request: Request): Promise<Principal | undefined> {
    return (await this.visit(request)).principal;
  }

  /**
   * Does it carry the stream key of this Channel?
   *
   * @throws SfumatoError `unauthorized` for a key of no Channel, `forbidden` for another Channel's
   */
  async hasStreamKey(request: Request, channelId: string): Promise<boolean> {
    const { bearer } = this.read(request);
    if (bearer === undefined || !isStreamKey(bearer)) return false;
    await this.#access.streamKeys.checkStreamKey(channelId, bearer);
    return true;
  }

  read(request: Request): Credentials {
    const [scheme, bearer] = (request.headers.authorization ?? '').split(/ +/, 2);
    return {
      bearer: scheme?.toLowerCase() === 'bearer' ? (bearer ?? '') : undefined,
      session: readCookie(request.headers.cookie, sessionCookieName(this.#isSecure(request))),
    };
  }

  /** Without an end of its own: the server ends it, and the browser when it is closed. */
  set(request: Request, response: Response, token: string): void {
    const secure = this.#isSecure(request);
    response.cookie(sessionCookieName(secure), token, sessionCookieOptions(secure));
  }

  clear(request: Request, response: Response): void {
    const secure = this.#isSecure(request);
    response.clearCookie(sessionCookieName(secure), sessionCookieOptions(secure));
  }

  /** Of whoever is away to sign in at another service. */
  readSignIn(request: Request): string | undefined {
    return readCookie(request.headers.cookie, signInCookieName(this.#isSecure(request)));
  }

  setSignIn(request: Request, response: Response, secret: string): void {
    const secure = this.#isSecure(request);
    const options = { ...sessionCookieOptions(secure), maxAge: SIGN_IN_MS };
    response.cookie(signInCookieName(secure), secret, options);
  }

  clearSignIn(request: Request, response: Response): void {
    const secure = this.#isSecure(request);
    response.clearCookie(signInCookieName(secure), sessionCookieOptions(secure));
  }

  #refuseForgery(request: Request, { session }: Credentials): void {
    if (SAFE_METHODS.has(request.method)) return;
    const headers = {
      fetchSite: request.get('Sec-Fetch-Site'),
      origin: request.get('Origin'),
      host: request.get('Host'),
    };
    const same = isSameOrigin(headers, this.#publicUrl);
    if (same === true || (same === undefined && session === undefined)) return;
    throw new SfumatoError('forbidden', 'Only pages of this server may do this with a login.', {
      hint: 'Programs send `Authorization: Bearer` with an API token, and no cookie.',
    });
  }

  #isSecure(request: Request): boolean {
    return request.secure || this.#publicUrl?.startsWith('https:') === true;
  }
}

/**
 * A playback token in the header, else in the address: elements that play media send no headers. Not for anything that
 * changes something.
 */
function playbackTokenOf(
  request: Request,
  { bearer }: Credentials,
  access: Access,
): string | undefined {
  if (bearer !== undefined && playbackTokenSchema.safeParse(bearer).success) {
    if (!access.isAdminToken(bearer)) return bearer;
  }
  return SAFE_METHODS.has(request.method) ? textOf(request.query['token']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** @throws SfumatoError `unavailable` where nobody can tell at the moment */
export async function readPass(passes: PassReader, token: string): Promise<Visitor['pass']> {
  return playbackTokenSchema.safeParse(token).success ? await passes.read(token) : 'wrong';
}
