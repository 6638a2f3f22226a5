import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { recordPlaybackToken } from './run-record.ts';

interface Key {
  algorithm: string;
  publicJwk: JWK;
  privateKey: CryptoKey;
}

/** Somebody else who signs playback tokens: a real server on loopback whose keys can be changed at any time. */
export class TokenIssuer {
  readonly issuer = 'https://tokens.example';
  /** Answers with 500 while it is. */
  isDown = false;
  /** How often the keys were fetched. */
  fetches = 0;
  readonly #keys = new Map<string, Key>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.fetches += 1;
      if (this.isDown || request.url !== '/jwks') {
        response.writeHead(this.isDown ? 500 : 404).end();
        return;
      }
      const keys = [...this.#keys.values()].map(({ publicJwk }) => publicJwk);
      response.setHeader('Content-Type', 'application/jwk-set+json').end(JSON.stringify({ keys }));
    });
  }

  static async start(): Promise<TokenIssuer> {
    const issuer = new TokenIssuer();
    issuer.#server.listen(0, '127.0.0.1');
    await once(issuer.#server, 'listening');
    await issuer.addKey('first');
    return issuer;
  }

  get jwksUrl(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    return `http://127.0.0.1:${address.port}/jwks`;
  }

  async addKey(kid: string, algorithm = 'ES256'): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
    this.#keys.set(kid, { algorithm, publicJwk, privateKey });
  }

  dropKey(kid: string): void {
    this.#keys.delete(kid);
  }

  /** One in place of all others, as others do it at night. */
  async rotate(kid: string, algorithm?: string): Promise<void> {
    this.#keys.clear();
    await this.addKey(kid, algorithm);
  }

  /** @param claims in place of the usual ones; undefined: without it */
  async sign(claims: Record<string, unknown> = {}, kid = 'first'): Promise<string> {
    const key = this.#keys.get(kid);
    if (key === undefined) throw new Error(`there is no key ${kid}`);
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.issuer, aud: 'sfumato', sub: 'ada', iat: now, exp: now + 600 };
    const all = { ...usual, jti: `${kid}-${now}`, id: 'studio', scope: 'watch', ...claims };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    const token = await new SignJWT(Object.fromEntries(given))
      .setProtectedHeader({ alg: key.algorithm, kid })
      .sign(key.privateKey);
    recordPlaybackToken('a playback token of another issuer', token);
    return token;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
