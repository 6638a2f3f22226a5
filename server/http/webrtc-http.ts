import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import {
  channelIdSchema,
  SfumatoError,
  type WireIceServer,
} from '../../signaling/contract/index.ts';
import { WebRtcHttpError } from './problem.ts';

export const SDP_TYPE = 'application/sdp';
export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** What both protocols need of the rest of the server. */
export interface WebRtcHttpOptions {
  /** The origin under which the server is reached; without it, addresses are relative to the request's. */
  publicUrl: string | undefined;
  /** For `Link: …; rel="ice-server"`, as in RTCPeerConnection's configuration; those for one more connection. */
  iceServers?: (() => readonly WireIceServer[]) | undefined;
  limits?: Partial<WebRtcHttpLimits> | undefined;
}

/** Requests of one address in a minute. */
export interface WebRtcHttpLimits {
  posts: number;
  /** PATCH and DELETE. */
  changes: number;
}

/**
 * Any page may use both protocols (RFC 9725 section 4.6): what they protect, they protect by bearer keys and
 * by session addresses that nobody can guess, never by cookies.
 */
export const cors: RequestHandler = (_request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'POST, PATCH, DELETE, OPTIONS, GET, HEAD',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
    'Access-Control-Expose-Headers':
      'Location, Link, ETag, Accept-Post, Accept-Patch, Retry-After, Access-Control-Allow-Methods',
    'Access-Control-Max-Age': '86400',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
    // Should a client put its key into the address, it stays here.
    'Referrer-Policy': 'no-referrer',
  });
  next();
};

/** `OPTIONS` of an endpoint, preflight or not (RFC 9725 section 4.2: SHOULD carry Accept-Post). */
export function describe(accept: 'Accept-Post' | 'Accept-Patch', type: string): RequestHandler {
  return (_request, response) => {
    response.set(accept, type).status(200).end();
  };
}

/** The body as text, if it is of this type. 415 otherwise. */
export function textBody(type: string): RequestHandler[] {
  const check: RequestHandler = (request, response, next) => {
    if (request.is(type) !== false && request.is(type) !== null) return next();
    response.set(request.method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post', type);
    next(new WebRtcHttpError(415, 'unsupportedMedia', `The body must be ${type}.`));
  };
  return [check, express.text({ type, limit: '64kb' })];
}

/** The text that `textBody` has read; an empty body is none. */
export function bodyOf(request: Request): string {
  const body: unknown = request.body;
  if (typeof body === 'string' && body !== '') return body;
  throw new WebRtcHttpError(400, 'badRequest', 'The body is empty.');
}

/** A name that no Channel can have is one that there is not. */
export function channelIdOf(text: string | string[] | undefined): string {
  const id = channelIdSchema.safeParse(text);
  if (id.success) return id.data;
  throw new SfumatoError('notFound', 'There is no such Channel.');
}

/** Counts requests by address. 429 with `Retry-After` above the limit. Memory is bounded by the minute. */
export function limitByAddress(perMinute: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (request, _response, next) => {
    // The limiter rejects with its state, not with an error, when the limit is reached.
    const refusal: unknown = await limiter.consume(request.ip ?? '').then(
      () => undefined,
      (state: unknown) => state,
    );
    next(refusal === undefined ? undefined : tooMany(refusal));
  };
}

function tooMany(refusal: unknown): SfumatoError {
  const waitMs: unknown = Reflect.get(Object(refusal), 'msBeforeNext');
  return new SfumatoError('tooMany', 'Too many requests from this address.', {
    retryAfterSeconds: Math.ceil((typeof waitMs === 'number' ? waitMs : 1_000) / 1_000),
  });
}

/** RFC 6750 section 2.1. @throws SfumatoError `unauthorized` where there is none */
export function bearerOf(request: Request): string {
  const token = request.get('authorization')?.match(/^Bearer +([\w.~+/-]+=*) *$/i)?.[1];
  if (token !== undefined) return token;
  throw new SfumatoError('unauthorized', 'A stream key is needed.', {
    hint: 'Send it as `Authorization: Bearer …`.',
  });
}

/**
 * Where a new session is. Relative to the endpoint, so that it holds behind a proxy that serves us under
 * another path; absolute where the operator has said how people reach us.
 */
export function locationOf(request: Request, path: string, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return `${publicUrl}${request.baseUrl}/${path}`;
  return path;
}

/** RFC 9725 section 4.8: one Link a server. */
export function linkIceServers(response: Response, servers: readonly WireIceServer[] = []): void {
  for (const { urls, username, credential } of servers) {
    const login =
      username === undefined || credential === undefined
        ? ''
        : `; username="${username}"; credential="${credential}"; credential-type="password"`;
    response.append('Link', `<${urls}>; rel="ice-server"${login}`);
  }
}
