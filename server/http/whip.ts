import express, { type Router } from 'express';
import type { WireRtpCapabilities } from '../../signaling/contract/index.ts';
import type { Publisher } from '../channels/publisher.ts';
import type { Publishing } from '../channels/publishing.ts';
import { type AnsweredMedia, writeAnswer } from '../sdp/answer.ts';
import { type PublishingOffer, readPublishingOffer } from '../sdp/publishing-offer.ts';
import { problems } from './problem.ts';
import { addSessionRoutes } from './session-routes.ts';
import {
  bearerOf,
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

export interface WhipOptions extends WebRtcHttpOptions {
  publishing: Publishing;
  routerRtpCapabilities: WireRtpCapabilities;
}

interface WhipSession extends WebRtcSession {
  publisher: Publisher;
  answered: AnsweredMedia[];
}

/** `/whip`: an encoder goes live (RFC 9725). */
export function whip(options: WhipOptions): Router {
  const { publishing, routerRtpCapabilities, publicUrl, iceServers, limits } = options;
  const sessions = new WebRtcSessions<WhipSession>();
  const router = express.Router();
  router.use(cors);
  router.options('/:channel', describe('Accept-Post', SDP_TYPE));
  router.get('/:channel', (_request, response) => {
    response.status(204).end();
  });
  router.post(
    '/:channel',
    limitByAddress(limits?.posts ?? 60),
    ...textBody(SDP_TYPE),
    async (request, response) => {
      const channelId = channelIdOf(request.params['channel']);
      const streamKey = bearerOf(request);
      await publishing.checkKey(channelId, streamKey);
      const offer = readPublishingOffer(bodyOf(request), routerRtpCapabilities);
      const id = newSessionId();
      const publisher = await publishing.open({
        channelId,
        streamKey,
        kind: 'whip',
        remoteAddress: request.ip,
        onClosed: () => sessions.remove(id),
      });
      const session = await openSession(id, publisher, offer);
      sessions.add(session);
      linkIceServers(response, iceServers?.());
      response.set('ETag', session.etag).type(SDP_TYPE);
      response.set('Location', locationOf(request, `${channelId}/${id}`, publicUrl));
      response.status(201).send(answerOf(session));
    },
  );
  addSessionRoutes(
    router,
    sessions,
    {
      restartIce: ({ publisher }) => publisher.restartIce(),
      answer: answerOf,
      end: ({ publisher }) => publisher.finish(),
    },
    limitByAddress(limits?.changes ?? 600),
  );
  router.use(problems);
  return router;
}

async function openSession(
  id: string,
  publisher: Publisher,
  offer: PublishingOffer,
): Promise<WhipSession> {
  try {
    const transport = await publisher.connect(offer.dtls);
    for (const { kind, rtpParameters } of offer.tracks)
      await publisher.produce(kind, rtpParameters);
    return {
      id,
      channelId: publisher.channel.id,
      etag: newEtag(),
      usernameFragment: offer.ice.usernameFragment,
      transport,
      publisher,
      answered: offer.media.flatMap((media) => {
        const track = offer.tracks.find(({ mid }) => mid === media.mid);
        return track === undefined ? [] : [{ ...track, media, direction: 'recvonly' as const }];
      }),
    };
  } catch (error) {
    publisher.close();
    throw error;
  }
}

function answerOf({ transport, answered }: WhipSession): string {
  return writeAnswer(transport, answered);
}
