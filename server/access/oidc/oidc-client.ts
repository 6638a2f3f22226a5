import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  clockTolerance,
  Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type ServerMetadata,
} from 'openid-client';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import type { Claims } from './claims.ts';
import type { OidcSettings } from './oidc-settings.ts';

/** What binds an answer of the other service to the question. */
export interface Checks {
  state: string;
  nonce: string;
  /** PKCE (RFC 7636). */
  codeVerifier: string;
}

/** For how long what the other service says of itself is gone by, milliseconds. */
const METADATA_MS = 60 * 60 * 1000;
const TIMEOUT_SECONDS = 10;
const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * The other service's end (OpenID Connect Core, authorization code flow). It is asked for the first time when somebody
 * wants to sign in, and again after an error: this server starts without it.
 */
export class OidcClient {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  #metadata: { server: ServerMetadata; readMs: number } | undefined;

  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Where to send a browser. @throws SfumatoError `unavailable` */
  async authorizationUrl(redirectUri: string, checks: Checks): Promise<URL> {
    const challenge = await calculatePKCECodeChallenge(checks.codeVerifier);
    return buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUri,
      scope: this.#settings.scopes,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
  }

  /**
   * Who has signed in?
   *
   * @param url of ours that the browser came back to
   * @throws whatever was wrong with the answer; SfumatoError `unavailable`
   */
  async claims(url: URL, { state, nonce, codeVerifier }: Checks): Promise<Claims> {
    const configuration = await this.#configuration();
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
    });
    const said = tokens.claims();
    if (said === undefined) throw new SfumatoError('unauthorized', 'No ID Token was given.');
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return said;
    // Most services say roles and names there only. What was signed counts more.
    return { ...(await fetchUserInfo(configuration, tokens.access_token, said.sub)), ...said };
  }

  /** A new one each time has no keys of before: that the other service has changed its keys is seen at once. */
  async #configuration(): Promise<Configuration> {
    const { clientId, clientSecret } = this.#settings;
    const metadata = { client_secret: clientSecret, [clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    const configuration = new Configuration(await this.#server(), clientId, metadata);
    configuration.timeout = TIMEOUT_SECONDS;
    // Signatures are looked at although TLS vouches for the way: it may end at a proxy.
    enableNonRepudiationChecks(configuration);
    if (this.#isPlain) allowInsecureRequests(configuration);
    return configuration;
  }

  async #server(): Promise<ServerMetadata> {
    const known = this.#metadata;
    if (known !== undefined && this.#now() - known.readMs < METADATA_MS) return known.server;
    const server = await this.#discover();
    this.#metadata = { server, readMs: this.#now() };
    return server;
  }

  async #discover(): Promise<ServerMetadata> {
    const { issuer, clientId } = this.#settings;
    const execute = this.#isPlain ? [allowInsecureRequests] : [];
    try {
      const options = { execute, timeout: TIMEOUT_SECONDS };
      const found = await discovery(issuer, clientId, undefined, undefined, options);
      return { ...found.serverMetadata() };
    } catch (cause) {
      const message = `${this.#settings.name} does not answer as it should.`;
      throw new SfumatoError('unavailable', message, { cause, hint: 'Try again later.' });
    }
  }

  /** Settings allow plain HTTP on this machine only. */
  get #isPlain(): boolean {
    return this.#settings.issuer.protocol === 'http:';
  }
}
