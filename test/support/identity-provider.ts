import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import type { CookieBrowser, Page } from './cookie-browser.ts';
import { recordSecret } from './run-record.ts';

/** What it says of somebody, by their `sub`. */
export type People = Record<string, Record<string, unknown>>;

export interface IdentityProviderOptions {
  port: number;
  redirectUri: string;
  people: People;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

export const CLIENT_ID = 'sfumato-of-the-tests';
export const CLIENT_SECRET = 'a-client-secret-of-the-tests-0123456789';

/** A real one (oidc-provider), on loopback, with the login page that it has for development. */
export class IdentityProvider {
  readonly issuer: string;
  readonly #options: IdentityProviderOptions;
  readonly #server = createServer((request, response) => this.#onRequest(request, response));
  #handle: Handle = () => undefined;
  /** Other keys than those that it signs with, where it is to say so. */
  #foreignKeys: object | undefined;

  private constructor(options: IdentityProviderOptions) {
    this.#options = options;
    this.issuer = `http://127.0.0.1:${options.port}`;
  }

  static async start(options: IdentityProviderOptions): Promise<IdentityProvider> {
    recordSecret('the secret of the OpenID Connect client', CLIENT_SECRET);
    const provider = new IdentityProvider(options);
    await provider.rotateKeys();
    await new Promise<void>((resolve) => {
      provider.#server.listen(options.port, '127.0.0.1', resolve);
    });
    return provider;
  }

  /** From now on it signs with another key, and does not know the last one any more. */
  async rotateKeys(): Promise<void> {
    this.#foreignKeys = undefined;
    this.#handle = this.#provider(await newKey()).callback();
  }

  /** It says keys that are not those that it signs with. */
  async lieAboutKeys(): Promise<void> {
    const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...key } = await newKey('key');
    this.#foreignKeys = { keys: [key] };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/jwks' && this.#foreignKeys !== undefined) {
      response.setHeader('Content-Type', 'application/jwk-set+json');
      response.end(JSON.stringify(this.#foreignKeys));
      return;
    }
    this.#handle(request, response);
  }

  #provider(key: object): Provider {
    const { redirectUri, people } = this.#options;
    return new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['of-the-tests'] },
      features: { devInteractions: { enabled: true } },
      pkce: { required: () => false },
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups', 'realm'] },
      findAccount: (_context: unknown, sub: string) => {
        const claims = people[sub];
        return claims && { accountId: sub, claims: () => ({ sub, ...claims }) };
      },
    });
  }
}

let made = 0;

async function newKey(kid?: string) {
  made += 1;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: kid ?? `key-${made}`, alg: 'RS256', use: 'sig' };
}

/** Fills its pages in: who one is, and that one agrees. @returns at the address that it sends the browser back to */
export async function logInAt(
  browser: CookieBrowser,
  first: string | URL,
  { sub, back }: { sub: string; back: (to: URL) => boolean },
): Promise<Page> {
  let page = await browser.open(first, { stop: back });
  for (let count = 0; count < 2 && !back(page.url); count += 1) {
    const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? '';
    const form: Record<string, string> =
      prompt === 'login' ? { prompt, login: sub, password: 'any' } : { prompt };
    page = await browser.open(page.url, { form, stop: back });
  }
  if (back(page.url)) return page;
  throw new Error(`the provider did not send the browser back: ${page.status} ${page.text}`);
}
