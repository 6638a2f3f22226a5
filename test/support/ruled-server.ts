import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { z } from 'zod';
import { watchRefusalSchema } from '../../signaling/contract/index.ts';
import { setUpAdministrator } from './administrator.ts';
import { ApiClient } from './api-client.ts';
import { startApp, type TestApp } from './app.ts';
import { makeCaptionedFilm, openLibrary } from './library.ts';
import { corpusOffer } from './offers.ts';
import { newPerson, type Person } from './people.ts';
import { recordPlaybackToken } from './run-record.ts';

export const CHANNEL = 'stage';

export const grantSchema = z.object({ token: z.string(), id: z.string(), expiresAt: z.string() });
const idSchema = z.looseObject({ id: z.string() });
const errorSchema = z.object({ error: z.looseObject({ refusal: watchRefusalSchema.optional() }) });

/** What somebody shows: in the headers of a request and of a socket, and a playback token. */
export interface Shown {
  headers?: Record<string, string>;
  token?: string;
}

/** How a refusal is answered over HTTP. */
export const STATUS: Record<string, number> = {
  ok: 200,
  gone: 404,
  ...{ signIn: 401, password: 401, token: 401, wrongToken: 401, revoked: 401, expired: 401 },
  ...{ notYet: 403, over: 403, site: 403, full: 503 },
};

export const headersOf = ({ headers, token }: Shown): Record<string, string> => {
  return { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
};

/** As it is sent on a socket. */
export const tokenOf = ({ token }: Shown) => (token === undefined ? {} : { token });

/** A server with a Channel and a film, a party that watches it, and the ways to ask for them. */
export class RuledServer {
  readonly url: string;
  readonly api: ApiClient;
  readonly admin: Record<string, string>;
  readonly film: string;
  readonly #close: () => Promise<void>;

  private constructor(
    server: TestApp,
    parts: Pick<RuledServer, 'api' | 'admin' | 'film' | 'close'>,
  ) {
    this.url = server.url;
    this.api = parts.api;
    this.admin = parts.admin;
    this.film = parts.film;
    this.#close = parts.close;
  }

  /** @param seen as of `ApiClient` */
  static async start(seen = new Set<string>()): Promise<RuledServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sfumato-rules-'));
    const server = await startApp();
    const library = await openLibrary(server);
    const admin = { cookie: await setUpAdministrator(server), origin: server.url };
    const source = await makeCaptionedFilm(folder, { seconds: 2, words: 'Said' });
    const film = await library.put(source, { title: 'Film', visibility: 'public' });
    const api = await ApiClient.create(server.url, seen);
    const close = async () => {
      await library.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    };
    const ruled = new RuledServer(server, { api, admin, film, close });
    for (const id of [CHANNEL, 'open']) {
      await ruled.change('/channels', 'POST', { id, title: id === 'open' ? 'Open' : 'Stage' });
    }
    await library.ready(film);
    return ruled;
  }

  async close(): Promise<void> {
    await this.#close();
  }

  /** As an administrator. @throws {Error} where that is refused */
  async change(path: string, method: string, body?: unknown): Promise<unknown> {
    const answer = await this.api.call(path, { method, body, headers: this.admin });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  /** The same for the Channel and the film. */
  async rule(rules: Record<string, unknown>): Promise<void> {
    for (const path of [`/channels/${CHANNEL}`, `/assets/${this.film}`]) {
      await this.change(`${path}/rules`, 'PATCH', rules);
    }
  }

  async newParty(): Promise<string> {
    return idSchema.parse(await this.change('/parties', 'POST', { assetId: this.film })).id;
  }

  async newViewer(): Promise<Person> {
    const { api, url, admin: administrator } = this;
    return await newPerson({ api, url }, { role: 'viewer', administrator });
  }

  /** An API token. */
  async newToken(...scopes: string[]): Promise<string> {
    const body = await this.change('/tokens', 'POST', { name: scopes.join(' '), scopes });
    return z.looseObject({ token: z.string() }).parse(body).token;
  }

  /** A playback token. */
  async issue(id: string, further: Record<string, unknown> = {}) {
    const body = await this.change('/playback-tokens', 'POST', { id, ...further });
    const grant = grantSchema.parse(body);
    recordPlaybackToken('a playback token', grant.token);
    return grant;
  }

  /** For the password of what is at this path a playback token. */
  async unlock(path: string, password: string): Promise<string> {
    const { body } = await this.api.call(`${path}/unlock`, { method: 'POST', body: { password } });
    return grantSchema.parse(body).token;
  }

  /** @returns `ok`, the refusal, or else the status; nobody on air is no refusal */
  async get(path: string, shown: Shown, init: RequestInit = {}): Promise<string> {
    const headers = { ...headersOf(shown), ...Object.fromEntries(new Headers(init.headers)) };
    const answer = await fetch(`${this.url}${path}`, { ...init, headers });
    if (answer.ok || answer.status === 409) {
      await answer.body?.cancel();
      return 'ok';
    }
    const { error } = errorSchema.parse(await answer.json());
    expect(answer.status).toBe(STATUS[error.refusal ?? '']);
    return error.refusal ?? String(answer.status);
  }

  async whep(path: string, shown: Shown): Promise<string> {
    return await this.get(`/whep/${path}`, shown, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: corpusOffer('chromium-whep'),
    });
  }

  /** @returns the status */
  async page(path: string, shown: Shown = {}): Promise<number> {
    const answer = await fetch(`${this.url}${path}`, { headers: headersOf(shown) });
    await answer.body?.cancel();
    return answer.status;
  }
}
