import { randomUUID } from 'node:crypto';
import express, { type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { type ChannelInfo, SfumatoError } from '../../signaling/contract/index.ts';
import { cors, describe } from './webrtc-http.ts';
import type { WebRtcSessions } from './webrtc-sessions.ts';
import type { WhepSession } from './whep.ts';

/** The two extensions of the WHEP authors' webrtc-http-egress-events draft. */
const EVENTS_URN = 'urn:ietf:params:whep:ext:core:server-sent-events';
const LAYER_URN = 'urn:ietf:params:whep:ext:core:layer';

/** The session is over, and the player is to make another one. */
export const RECONNECT = 'reconnect';

const EVENTS = ['active', 'inactive', 'layers', RECONNECT, 'viewercount'] as const;
type EventName = (typeof EVENTS)[number];

/** Those that we do not know are none of ours. */
const subscriptionSchema = z
  .array(z.string().max(64))
  .max(32)
  .transform((names) => EVENTS.filter((name) => names.includes(name)));

/** No constraint: automatic. Layers are counted from 0, the lowest. */
const layerSchema = z.object({
  mediaId: z.string().max(64).optional(),
  encodingId: z.string().max(64).optional(),
  rid: z.string().max(64).optional(),
  spatialLayerId: z.number().int().min(0).max(7).optional(),
  temporalLayerId: z.number().int().min(0).max(7).optional(),
  maxSpatialLayerId: z.number().int().min(0).max(7).optional(),
  maxTemporalLayerId: z.number().int().min(0).max(7).optional(),
  maxWidth: z.number().positive().optional(),
  maxHeight: z.number().positive().optional(),
});

/** An idle stream that a proxy would cut is kept open by a comment. */
const KEEP_ALIVE_MS = 15_000;
/** What a client wants to hear of, until it wants nothing more. */
interface Subscription {
  events: EventName[];
  cancelled: AbortController;
}

/** A session needs one; a few more after lost connections. */
const MAX_SUBSCRIPTIONS = 8;

export function linkWhepExtensions(response: Response, session: string): void {
  response.append('Link', `<${session}/events>; rel="${EVENTS_URN}"; events="${EVENTS.join(',')}"`);
  response.append('Link', `<${session}/layer>; rel="${LAYER_URN}"`);
}

export function addWhepExtensions(
  router: Router,
  sessions: WebRtcSessions<WhepSession>,
  limit: RequestHandler,
): void {
  const subscriptions = new WeakMap<WhepSession, Map<string, Subscription>>();
  const json = express.json({ limit: '8kb' });
  const path = '/:channel/:session';
  router.options(`${path}/events`, describe('Accept-Post', 'application/json'));
  router.options(`${path}/layer`, describe('Accept-Post', 'application/json'));
  const subscriptionOf = (session: WhepSession, id: unknown) => {
    const found = subscriptions.get(session)?.get(String(id));
    if (found === undefined) throw new SfumatoError('notFound', 'There is no such event stream.');
    return found;
  };
  router.post(`${path}/events`, limit, json, (request, response) => {
    const session = sessions.get(request.params['channel'], request.params['session']);
    const events = parsed(subscriptionSchema, request.body);
    const known = subscriptions.get(session) ?? new Map<string, Subscription>();
    subscriptions.set(session, known);
    if (known.size >= MAX_SUBSCRIPTIONS) {
      throw new SfumatoError('tooMany', 'The session has too many event streams.');
    }
    const id = randomUUID();
    known.set(id, { events, cancelled: new AbortController() });
    response.status(201).set('Location', `events/${id}`).end();
  });
  router.get(`${path}/events/:stream`, cors, (request, response) => {
    const session = sessions.get(request.params['channel'], request.params['session']);
    sendEvents(session, subscriptionOf(session, request.params['stream']), response);
  });
  router.delete(`${path}/events/:stream`, limit, (request, response) => {
    const session = sessions.get(request.params['channel'], request.params['session']);
    subscriptionOf(session, request.params['stream']).cancelled.abort();
    subscriptions.get(session)?.delete(String(request.params['stream']));
    response.status(200).end();
  });
  router.post(`${path}/layer`, limit, json, async (request, response) => {
    const session = sessions.get(request.params['channel'], request.params['session']);
    const wish = parsed(layerSchema, request.body);
    session.viewer.setPreferredLayer(layerFor(wish, session.channel.info()));
    response.status(200).end();
  });
}

/** What a choice comes to: the highest Layer that fits all of it, the lowest where none does. */
export function layerFor(
  wish: z.output<typeof layerSchema>,
  { layers }: Pick<ChannelInfo, 'layers'>,
): number | 'auto' {
  const { spatialLayerId, maxSpatialLayerId, maxWidth, maxHeight } = wish;
  const encoding = wish.encodingId ?? wish.rid;
  if (spatialLayerId !== undefined) return spatialLayerId;
  if (encoding !== undefined && /^\d$/.test(encoding)) return Math.min(7, Number(encoding));
  const bySize = layers.filter(
    ({ width, height }) => width <= (maxWidth ?? Infinity) && height <= (maxHeight ?? Infinity),
  ).length;
  const limits = [
    ...(maxSpatialLayerId === undefined ? [] : [maxSpatialLayerId]),
    ...(maxWidth === undefined && maxHeight === undefined ? [] : [Math.max(0, bySize - 1)]),
  ];
  return limits.length === 0 ? 'auto' : Math.min(...limits);
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new SfumatoError('badRequest', 'The body does not fit.');
}

function sendEvents(
  session: WhepSession,
  { events, cancelled }: Subscription,
  response: Response,
): void {
  const { channel, ended } = session;
  response.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  const told = new Map<EventName, string>();
  const tell = (event: EventName, data: unknown) => {
    const text = JSON.stringify(data);
    if (!events.includes(event) || told.get(event) === text) return;
    told.set(event, text);
    response.write(`event: ${event}\ndata: ${text}\n\n`);
  };
  const update = () => {
    const info = channel.info();
    const active = info.live && info.reconnecting !== true;
    told.delete(active ? 'inactive' : 'active');
    tell(active ? 'active' : 'inactive', {});
    tell('layers', layersEvent(session, info));
    tell('viewercount', { viewercount: info.viewers });
  };
  update();
  const unlisten = channel.onChange(update);
  const timer = setInterval(() => response.write(': \n\n'), KEEP_ALIVE_MS);
  const stop = () => {
    if (ended.signal.reason === RECONNECT) tell(RECONNECT, {});
    clearInterval(timer);
    unlisten();
    response.end();
  };
  response.once('close', stop);
  for (const { signal } of [ended, cancelled])
    signal.addEventListener('abort', stop, { once: true });
}

/** By media id, as the draft has it: every Layer with its id and, where known, its size. */
function layersEvent({ answered }: WhepSession, { layers }: ChannelInfo): Record<string, unknown> {
  const video = answered.find(({ media }) => media.kind === 'video');
  if (video === undefined) return {};
  const all = layers.map(({ width, height, bitrate }, spatialLayerId) => ({
    encodingId: String(spatialLayerId),
    spatialLayerId,
    width,
    height,
    targetBitrate: bitrate,
  }));
  return { [video.media.mid]: { active: all, inactive: [], layers: all } };
}
