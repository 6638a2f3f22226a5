import { createHmac, randomBytes } from 'node:crypto';
import type { WireIceServer } from '../../signaling/contract/index.ts';

export interface IceServersOptions {
  /** What everybody is told as it is. */
  fixed: readonly WireIceServer[];
  /** TURN servers that know our secret; none where it is undefined. */
  turn: { urls: readonly string[]; secret: string } | undefined;
}

/**
 * Connections that stand are not ended by it: it is the time in which one can be made. More than an hour would
 * make of a stolen one a relay for anything.
 */
const LIFETIME_SECONDS = 60 * 60;

/** Tells two connections apart where the relay counts what each has (its `user-quota`). */
const NAME_BYTES = 9;

/** The STUN and TURN servers that clients are told. */
export class IceServers {
  readonly #options: IceServersOptions;

  constructor(options: IceServersOptions) {
    this.#options = options;
  }

  /** For one more connection: with a name and a password of its own. */
  forOne(nowMs = Date.now()): WireIceServer[] {
    const { fixed, turn } = this.#options;
    if (turn === undefined) return [...fixed];
    const credentials = turnCredentials(turn.secret, nowMs);
    return [...fixed, ...turn.urls.map((urls) => ({ urls, ...credentials }))];
  }
}

/**
 * What a TURN server that has our secret takes, and knows without having been told: the name says until when, the
 * password is its HMAC (draft-uberti-behave-turn-rest-00 section 2.2; coturn's `use-auth-secret`).
 */
export function turnCredentials(
  secret: string,
  nowMs: number,
): { username: string; credential: string } {
  const expiresAt = Math.floor(nowMs / 1_000) + LIFETIME_SECONDS;
  const username = `${expiresAt}:${randomBytes(NAME_BYTES).toString('base64url')}`;
  // The algorithm is the draft's: what it protects is new each time and lives for an hour.
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  return { username, credential };
}
