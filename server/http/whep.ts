import express, { type Request, type Router } from 'express';
import type { Logger } from 'pino';
import { SfumatoError, type WireConsumer } from '../../signaling/contract/index.ts';
import type { Admission, Admissions } from '../access/admissions.ts';
import type { Visitor } from '../access/visitor.ts';
import type { WatchGate } from '../access/watch-gate.ts';
import type { Channel } from '../channels/channel.ts';
import type { Channels } from '../channels/channels.ts';
import { Viewer, type ViewerMetrics } from '../channels/viewer.ts';
import { type AnsweredMedia, writeAnswer } from '../sdp/answer.ts';
import { readViewingOffer, type ViewingOffer } from '../sdp/viewing-offer.ts';
import type { Sfu } from '../sfu/sfu.ts';
import type { RequestCredentials } from './credentials.ts';
import { problems, WebRtcHttpError } from './problem.ts';
import { addSessionRoutes } from './session-routes.ts';
import {
  bodyOf,
  channelIdOf,
  cors,
  describe,
  limitByAddress,
  linkIceServers,
  locationOf,
  SDP_TYPE,
  textBody,
  type WebRtcHttpOptions,
} from './webrtc-http.ts';
import { newEtag, newSessionId, type WebRtcSession, WebRtcSessions } from './webrtc-sessions.ts';
import { addWhepExtensions, linkWhepExtensions, RECONNECT } from './whep-extensions.ts';

export interface WhepOptions extends WebRtcHttpOptions {
  sfu: Sfu;
  channels: Channels;
  admissions: Pick<Admissions, 'admit'>;
  gate: Pick<WatchGate, 'demand'>;
  credentials: Pick<RequestCredentials, 'visit' | 'stranger'>;
  metrics: ViewerMetrics;
  /** Aborted when the server is being stopped: players are told to come again. */
  closing?: AbortSignal;
  log: Logger;
}

export interface WhepSession extends WebRtcSession {
  channel: Channel;
  viewer: Viewer;
  admission: Admission;
  answered: AnsweredMedia[];
  /** The Layer sent now; null while none is. */
  layer: number | null;
  /** Aborted when the session has ended: by the client, or, with RECONNECT for its reason, by something else. */
  ended: AbortController;
}

/** A Publisher that is away is given a moment; one that never was, some more. Seconds. */
const RETRY_AFTER_SECONDS = { reconnecting: 1, offAir: 5 };

/** `/whep`: any player watches (draft-ietf-wish-whep-04). */
export function whep(options: WhepOptions): Router {
  const { sfu, publicUrl, iceServers, limits, closing } = options;
  const sessions = new WebRtcSessions<WhepSession>();
  closing?.addEventListener('abort', () => {
    for (const session of sessions.list()) endSession(sessions, session, RECONNECT);
  });
  const router = express.Router();
  router.use(cors);
  router.options('/:channel', describe('Accept-Post', SDP_TYPE));
  router.head('/:channel', async (request, response) => {
    await find(options, request);
    response.status(200).type(SDP_TYPE).end();
  });
  router.get('/:channel', async (request, response) => {
    await find(options, request);
    response.status(204).end();
  });
  router.post(
    '/:channel',
    limitByAddress(limits?.posts ?? 1_200),
    ...textBody(SDP_TYPE),
    async (request, response) => {
      const channel = await find(options, request);
      const offer = readViewingOffer(bodyOf(request), sfu.routerRtpCapabilities);
      requireOnAir(channel);
      requireOpen(closing);
      const session = await openSession(options, sessions, channel, offer, request);
      linkIceServers(response, iceServers?.());
      const path = `${channel.id}/${session.id}`;
      linkWhepExtensions(response, locationOf(request, path, publicUrl));
      response.set('ETag', session.etag).type(SDP_TYPE);
      response.set('Location', locationOf(request, path, publicUrl));
      response.status(201).send(answerOf(session));
    },
  );
  const limit = limitByAddress(limits?.changes ?? 3_000);
  addWhepExtensions(router, sessions, limit);
  addSessionRoutes(
    router,
    sessions,
    {
      restartIce: async ({ viewer }) => (await viewer.restartIce()).iceParameters,
      answer: answerOf,
      end: (session) => endSession(sessions, session),
    },
    limit,
  );
  router.use(problems);
  return router;
}

/** @throws SfumatoError `notFound`; with `refusal` for who may not watch it */
async function find(
  { channels, gate, credentials }: WhepOptions,
  request: Request,
): Promise<Channel> {
  const channel = channels.get(channelIdOf(request.params['channel']));
  await gate.demand(channel.id, await visitorOf(credentials, request));
  return channel;
}

/** Players send whatever was put into their field for a key: what opens nothing is nothing. */
async function visitorOf(
  credentials: WhepOptions['credentials'],
  request: Request,
): Promise<Visitor> {
  try {
    return await credentials.visit(request);
  } catch (error) {
    if (!(error instanceof SfumatoError) || error.code === 'unavailable') throw error;
    return { ...credentials.stranger(request), pass: 'wrong' };
  }
}

/** Draft section 4.3: 409, and when to try again. */
function requireOnAir(channel: Channel): void {
  if (channel.broadcast !== undefined) return;
  const { reconnecting } = channel.info();
  const retryAfter = RETRY_AFTER_SECONDS[reconnecting ? 'reconnecting' : 'offAir'];
  throw new WebRtcHttpError(409, 'conflict', 'Nobody is on air at the moment.', retryAfter);
}

function requireOpen(closing: AbortSignal | undefined): void {
  if (closing?.aborted) throw new SfumatoError('unavailable', 'The server is being stopped.');
}

async function openSession(
  { sfu, channels, admissions, credentials, metrics, closing, log }: WhepOptions,
  sessions: WebRtcSessions<WhepSession>,
  channel: Channel,
  offer: ViewingOffer,
  request: Request,
): Promise<WhepSession> {
  const id = newSessionId();
  const ended = new AbortController();
  const end = () => endSession(sessions, session, RECONNECT);
  const resume = () => {
    viewer.resume().catch((error: unknown) => {
      if (!ended.signal.aborted) log.warn({ err: error }, 'a WHEP viewer could not be resumed');
    });
  };
  // What is on air may change its tracks, or come back: the client keeps its sections.
  let watched: string | undefined;
  const follow = async (broadcastId: string | undefined) => {
    if (broadcastId === undefined || broadcastId === watched || watched === undefined) return;
    watched = broadcastId;
    await viewer.zap(channel.id);
    await viewer.resume();
  };
  const viewer = new Viewer({
    sfu,
    channels,
    remoteAddress: request.ip,
    metrics,
    offered: {
      payloadTypes: offer.payloadTypes,
      mids: Object.fromEntries(offer.media.map(({ kind, mid }) => [kind, mid])),
    },
    events: {
      channelChanged: ({ broadcastId }) => {
        follow(broadcastId).catch((error: unknown) => {
          if (ended.signal.aborted) return;
          log.warn({ err: error }, 'a WHEP viewer could not follow');
          end();
        });
      },
      layerChanged: ({ spatialLayer }) => {
        session.layer = spatialLayer;
      },
      transportLost: end,
      connected: resume,
    },
  });
  const admission = await admissions.admit({
    thingId: channel.id,
    visitor: () => visitorOf(credentials, request),
    counts: 'each',
    onRefused: () => {
      sessions.remove(id);
      ended.abort();
      viewer.close();
    },
  });
  const joined = await viewer
    .join({
      channelId: channel.id,
      rtpCapabilities: offer.rtpCapabilities,
      dtlsParameters: offer.dtls,
      preferredLayer: 'auto',
    })
    .catch((error: unknown) => {
      admission.close();
      throw error;
    });
  watched = joined.channel.broadcastId;
  const session: WhepSession = {
    id,
    channelId: channel.id,
    etag: newEtag(),
    usernameFragment: offer.ice.usernameFragment,
    transport: joined.transport,
    channel,
    viewer,
    admission,
    answered: answeredMedia(offer, joined.consumers),
    layer: null,
    ended,
  };
  if (!viewer.watching || closing?.aborted) endSession(sessions, session);
  requireOpen(closing);
  if (!viewer.watching) throw new SfumatoError('unavailable', 'The connection was lost.');
  sessions.add(session);
  return session;
}

function endSession(
  sessions: WebRtcSessions<WhepSession>,
  session: WhepSession,
  reason?: typeof RECONNECT,
): void {
  sessions.remove(session.id);
  session.ended.abort(reason);
  session.admission.close();
  session.viewer.close();
}

/** A section without anything to send yet is answered all the same: the track may come. */
function answeredMedia(offer: ViewingOffer, consumers: WireConsumer[]): AnsweredMedia[] {
  return offer.media.map((media) => {
    const consumer = consumers.find(({ kind }) => kind === media.kind);
    const codecs = offer.codecs.find(({ mid }) => mid === media.mid)?.codecs ?? [];
    return {
      media,
      direction: 'sendonly' as const,
      rtpParameters: consumer?.rtpParameters ?? { codecs, encodings: [] },
    };
  });
}

function answerOf({ transport, answered }: WhepSession): string {
  return writeAnswer(transport, answered);
}
