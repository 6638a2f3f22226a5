import { TypedEvents } from '../../../signaling/client/index.ts';
import { watchedIn } from '../../../signaling/contract/index.ts';
import { expiryOf } from './expiry.ts';
import { siteToTell } from './site-around.ts';
import { keepPass, keptPass } from './pass-memory.ts';

/** Whoever gave the token is told so long before it ends; of a short one, when half of it is over. Milliseconds. */
const AHEAD_MS = 30_000;

export type PassEvents = {
  changed: undefined;
  /** It ends soon, and whoever gave it may have another. */
  expiring: { secondsLeft: number };
};

type Setting = {
  /** It was given for a password, so that it can be had again only by that. */
  fromPassword?: boolean;
  /** For when this page is loaded again. */
  keep?: boolean;
};

/** The right of this page to watch one thing, for all that show it here: player, images, files, parties. */
export class Pass {
  readonly #thing: Thing;
  readonly #events = new TypedEvents<PassEvents>();
  #token: string | null;
  #fromPassword: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(thing: Thing) {
    this.#thing = thing;
    const kept = keptPass(keyOf(thing));
    this.#token = kept?.token ?? null;
    this.#fromPassword = kept?.fromPassword ?? false;
    this.#setTimer();
  }

  get thing(): Thing {
    return this.#thing;
  }
  get token(): string | undefined {
    return this.#token ?? undefined;
  }
  get fromPassword(): boolean {
    return this.#fromPassword;
  }

  on<E extends keyof PassEvents>(event: E, listener: (data: PassEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  /** @returns whether it is kept */
  set(token: string | null, { fromPassword = false, keep = fromPassword }: Setting = {}): boolean {
    const kept = (keep || token === null) && keepPass(keyOf(this.#thing), token, fromPassword);
    if (token === this.#token) return kept;
    this.#token = token;
    this.#fromPassword = token !== null && fromPassword;
    this.#setTimer();
    this.#events.emit('changed', undefined);
    return kept;
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const endsMs = this.#token === null ? null : expiryOf(this.#token);
    if (endsMs === null || this.#fromPassword) return;
    const leftMs = Math.max(0, endsMs - Date.now());
    const inMs = Math.max(leftMs - AHEAD_MS, leftMs / 2);
    this.#timer = setTimeout(
      () => {
        const secondsLeft = Math.max(0, Math.round((endsMs - Date.now()) / 1_000));
        this.#events.emit('expiring', { secondsLeft });
      },
      Math.min(inMs, 2 ** 31 - 1),
    );
  }
}

/** A Channel or an Asset of one server. */
export type Thing = { origin: string; id: string };

const API_PATH = /^\/api\/v1\/(?:assets|channels)\/([^/]+)/;

/** What an address of a server's is about: of a page with a player, of the API. */
export function thingAt(address: string, base = pageUrl()): Thing | null {
  const url = URL.parse(address, base);
  const id =
    url === null ? undefined : (watchedIn(url.pathname) ?? API_PATH.exec(url.pathname)?.[1]);
  return url === null || id === undefined
    ? null
    : { origin: url.origin.replace(/^ws/, 'http'), id };
}

/** None where no page is. */
function pageUrl(): string | undefined {
  return typeof document === 'undefined' ? undefined : document.baseURI;
}

const keyOf = ({ origin, id }: Thing) => `${origin}/${id}`;
const passes = new Map<string, Pass>();

export function passFor(thing: Thing): Pass {
  const key = keyOf(thing);
  const pass = passes.get(key) ?? new Pass(thing);
  passes.set(key, pass);
  return pass;
}

/** @param address anything of the server's, its socket too. @param id of what it has */
export function passOn(address: string, id: string): Pass {
  const { origin } = new URL(address);
  return passFor({ origin: origin.replace(/^ws/, 'http'), id });
}

function tokenAt(address: string): string | undefined {
  const thing = thingAt(address);
  return thing === null ? undefined : passFor(thing).token;
}

/** With the token that is needed there, for those that can send no headers: elements, event streams. */
export function withToken(address: string, token = tokenAt(address)): string {
  if (token === undefined) return address;
  const url = new URL(address, pageUrl());
  url.searchParams.set('token', token);
  return url.href;
}

/** What says there by which right, and on which site, it is asked for. */
export function accessHeaders(address: string): Record<string, string> {
  const token = tokenAt(address);
  const site = siteToTell(address);
  return {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(site !== undefined && { 'X-Sfumato-Site': site }),
  };
}
