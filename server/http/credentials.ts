import type { Request, Response } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Access, Credentials } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import { isStreamKey } from '../access/stream-keys.ts';
import { readCookie, sessionCookieName, sessionCookieOptions } from './cookies.ts';
import { isSameOrigin } from './same-origin.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Reads from a request who asks, and keeps the session's cookie. */
export class RequestCredentials {
  readonly #access: Access;
  readonly #publicUrl: string | undefined;

  constructor(access: Access, publicUrl: string | undefined) {
    this.#access = access;
    this.#publicUrl = publicUrl;
  }

  /**
   * @throws SfumatoError `unauthorized` for a wrong token, `forbidden` for what another site's page sends
   *   in the name of whoever looks at it
   */
  async identify(request: Request): Promise<Principal | undefined> {
    const credentials = this.read(request);
    if (credentials.bearer === undefined) this.#refuseForgery(request, credentials);
    return this.#access.identify(credentials);
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
