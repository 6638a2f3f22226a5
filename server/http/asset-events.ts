import type { Request, Response } from 'express';
import type { Principal } from '../access/principal.ts';
import type { AssetFeed, FeedEvent } from '../library/asset-feed.ts';
import type { Reader } from '../library/reader.ts';
import { ASSET_DOOR_OPERATIONS } from './asset-door-operations.ts';
import type { RequestCredentials } from './credentials.ts';
import type { Endpoints } from './endpoints.ts';
import { EventStream, EventStreamLimits } from './event-streams.ts';
import { readerOf } from './library-reader.ts';

export interface AssetEventsOptions {
  feed: AssetFeed;
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
    const { query, principal, request, response } = input;
    if (request.method === 'HEAD') {
      response.status(200).type('text/event-stream').end();
      return;
    }
    const release = limits.take(whoOf(principal, request));
    try {
      const stop = await stream(options, { id: query.id, reader: readerOf(principal) }, input);
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
  { feed, credentials, closing, heartbeatMs = HEARTBEAT_MS }: AssetEventsOptions,
  { id, reader }: { id: string | undefined; reader: Reader },
  { request, response }: { request: Request; response: Response },
): Promise<() => void> {
  const waiting: FeedEvent[] = [];
  let tell = (event: FeedEvent): void => {
    waiting.push(event);
  };
  const undo = await feed.subscribe({ reader, id, tell: (event) => tell(event) });
  const events = new EventStream(response);
  tell = (event) => send(events, event);
  events.comment();
  waiting.forEach(tell);
  const beat = async () => {
    if (await isStill(reader, credentials, request)) events.comment();
    else events.end();
  };
  const timer = setInterval(() => void beat(), heartbeatMs);
  const end = () => events.end();
  closing.addEventListener('abort', end, { once: true });
  return () => {
    clearInterval(timer);
    closing.removeEventListener('abort', end);
    undo();
  };
}

function send(events: EventStream, event: FeedEvent): void {
  if (event.type === 'asset') events.send('asset', event.asset);
  else events.send('gone', { id: event.id });
}

/** A session may have ended, a token been revoked. Without a database nobody knows: then the stream ends as well. */
async function isStill(
  { id, role }: Reader,
  credentials: RequestCredentials,
  request: Request,
): Promise<boolean> {
  try {
    const now = readerOf(await credentials.identify(request));
    return now.id === id && now.role === role;
  } catch {
    // The page's next request is told why.
    return false;
  }
}

function whoOf(principal: Principal | undefined, request: Request): string {
  return principal?.id ?? request.ip ?? '';
}
