import { randomUUID } from 'node:crypto';
import { SfumatoError, type WireTransport } from '../../signaling/contract/index.ts';
import type { Fragment } from '../sdp/fragment.ts';
import { WebRtcHttpError } from './problem.ts';

/** One client's connection by WHIP or WHEP, for as long as it lasts. */
export interface WebRtcSession {
  /** 122 random bits: whoever knows it may change and end the session (RFC 9725 section 5). */
  readonly id: string;
  readonly channelId: string;
  /** Of the present ICE session: another one after each restart (RFC 9725 section 4.3.1). */
  etag: string;
  /** The client's, to tell a restart from a candidate. */
  usernameFragment: string;
  transport: WireTransport;
}

/** As express types what a route's pattern has matched. */
type RouteParameter = string | string[] | undefined;

/** All sessions of one protocol, by id. A session removes itself when its connection ends. */
export class WebRtcSessions<S extends WebRtcSession> {
  readonly #sessions = new Map<string, S>();

  add(session: S): void {
    this.#sessions.set(session.id, session);
  }

  /** @throws SfumatoError `notFound`, for a session of another Channel as well */
  get(channelId: RouteParameter, id: RouteParameter): S {
    const session = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (session === undefined || session.channelId !== channelId) {
      throw new SfumatoError('notFound', 'There is no such session.');
    }
    return session;
  }

  remove(id: string): void {
    this.#sessions.delete(id);
  }

  list(): S[] {
    return [...this.#sessions.values()];
  }

  get size(): number {
    return this.#sessions.size;
  }
}

export function newSessionId(): string {
  return randomUUID();
}

/** A strong one (RFC 9110 section 8.8.3). */
export function newEtag(): string {
  return `"${randomUUID()}"`;
}

/**
 * What a PATCH asks for (RFC 9725 section 4.3): candidates for the present ICE session, or another one.
 *
 * @throws WebRtcHttpError 428 without `If-Match`, 412 where it names another ICE session
 */
export function patchKind(
  session: Pick<WebRtcSession, 'etag' | 'usernameFragment'>,
  fragment: Pick<Fragment, 'usernameFragment'>,
  ifMatch: string | undefined,
): 'trickle' | 'restart' {
  if (ifMatch === undefined) {
    throw new WebRtcHttpError(428, 'badRequest', 'A PATCH needs `If-Match`.');
  }
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes('*') && !tags.includes(session.etag)) {
    throw new WebRtcHttpError(412, 'conflict', 'The session has another ETag by now.');
  }
  return fragment.usernameFragment === session.usernameFragment ? 'trickle' : 'restart';
}
