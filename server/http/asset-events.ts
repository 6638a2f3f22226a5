import type { Request, Response } from 'express';
import { toWireError } from '../../signaling/contract/index.ts';
import type { Admission, Admissions } from '../access/admissions.ts';
import type { Visitor } from '../access/visitor.ts';
import type { AssetFeed, FeedEvent } from '../library/asset-feed.ts';
import type { Reader } from '../library/reader.ts';
import { ASSET_DOOR_OPERATIONS } from './asset-door-operations.ts';
import type { RequestCredentials } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { EventStream, EventStreamLimits } from './event-streams.ts';
import { readerFor } from './library-reader.ts';

export interface AssetEventsOptions {
  feed: AssetFeed;
  admissions: Pick<Admissions, 'admit'>;
  credentials: RequestCredentials;
  closing: AbortSignal;
  heartbeatMs?: number;
}

/** Keeps the stream open, and looks whether it is still for the same reader. */
const HEARTBEAT_MS = 15_000;

/** `/assets/events`. */
export function assetEventsApi(endpoints: Endpoints, options: AssetEventsOptions): void {
  const limits = new EventStreamLimits();
  endpoints.on(ASSET_DOOR_OPERATIONS.watchAssets, async (input) => {
    const { query, visitor, request, response } = input;
    if (request.method === 'HEAD') {
      response.status(200).type('text/event-stream').end();
      return;
    }
    const release = limits.take(visitor.principal?.id ?? request.ip ?? '');
    try {
      const stop = await stream(options, { id: query.id, visitor }, input);
      const over = () => {
        release();
        stop();
      };
      if (response.closed) over();
      else response.once('close', over);
    } catch (error) {
      release();
      throw error;
    }
  });
}

/** What is not there is an error in the one shape: it becomes a stream after that. @returns ends it */
async function stream(
  options: AssetEventsOptions,
  { id, visitor }: { id: string | undefined; visitor: Visitor },
  { request, response }: { request: Request; response: Response },
): Promise<() => void> {
  const { feed, credentials, closing, heartbeatMs = HEARTBEAT_MS } = options;
  const reader = readerFor(visitor);
  const waiting: Line[] = [];
  let sayNow = (line: Line): void => {
    waiting.push(line);
  };
  const say = (line: Line) => sayNow(line);
  const undo = await feed.subscribe({
    ...{ reader, id },
    tell: (event) => say((to) => send(to, event)),
  });
  const admission = await admit(options, id, request, say).catch((error: unknown) => {
    undo();
    throw error;
  });
  const opened = new EventStream(response);
  sayNow = (line) => line(opened);
  opened.comment();
  waiting.forEach(sayNow);
  const beat = async () => {
    if (await isStill(reader, credentials, request)) opened.comment();
    else opened.end();
  };
  const timer = setInterval(() => void beat(), heartbeatMs);
  const end = () => opened.end();
  closing.addEventListener('abort', end, { once: true });
  return () => {
    clearInterval(timer);
    closing.removeEventListener('abort', end);
    admission?.close();
    undo();
  };
}

/** Something to be said, once there is a stream. */
type Line = (to: EventStream) => void;

/** Of one Asset: who may not watch it any more is told why, and no more. */
async function admit(
  { admissions, credentials }: AssetEventsOptions,
  id: string | undefined,
  request: Request,
  say: (line: Line) => void,
): Promise<Admission | undefined> {
  if (id === undefined) return undefined;
  return await admissions.admit({
    thingId: id,
    visitor: () => credentials.visit(request),
    onRefused: (error) =>
      say((to) => {
        const { refusal, message, retryAfterSeconds } = toWireError(error);
        // Of what was deleted it is told the same.
        if (refusal === 'gone') to.send('gone', { id });
        else to.send('refused', { refusal, message, retryAfterSeconds });
        to.end();
      }),
  });
}

function send(events: EventStream, event: FeedEvent): void {
  if (event.type === 'asset') events.send('asset', event.asset);
  else events.send('gone', { id: event.id });
}

/** A session may have ended, a token been revoked. Without a database nobody knows: then the stream ends as well. */
async function isStill(
  { id, role, proof }: Reader,
  credentials: RequestCredentials,
  request: Request,
): Promise<boolean> {
  try {
    const now = readerFor(await credentials.visit(request));
    // Of a viewer there is nothing else that tells them from a stranger.
    const isSignedIn = now.proof?.isSignedIn === proof?.isSignedIn;
    return isSignedIn && now.id === id && now.role === role;
  } catch {
    // The page's next request is told why.
    return false;
  }
}
