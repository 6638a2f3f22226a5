import type { Request, RequestHandler, Router } from 'express';
import type { WireIceParameters } from '../../signaling/contract/index.ts';
import { readFragment, writeFragment } from '../sdp/fragment.ts';
import { bodyOf, describe, FRAGMENT_TYPE, textBody } from './webrtc-http.ts';
import { newEtag, patchKind, type WebRtcSession, type WebRtcSessions } from './webrtc-sessions.ts';

export interface SessionActions<S extends WebRtcSession> {
  restartIce(session: S): Promise<WireIceParameters>;
  /** The session's SDP answer with its present transport, for the fragment. */
  answer(session: S): string;
  end(session: S): void;
}

/** What WHIP and WHEP have in common of a session: PATCH, DELETE, GET, HEAD, OPTIONS. */
export function addSessionRoutes<S extends WebRtcSession>(
  router: Router,
  sessions: WebRtcSessions<S>,
  actions: SessionActions<S>,
  limit: RequestHandler,
): void {
  const path = '/:channel/:session';
  const sessionOf = (request: Request) =>
    sessions.get(request.params['channel'], request.params['session']);
  router.options(path, describe('Accept-Patch', FRAGMENT_TYPE));
  router.get(path, (request, response) => {
    sessionOf(request);
    response.status(204).end();
  });
  router.delete(path, limit, (request, response) => {
    actions.end(sessionOf(request));
    response.status(200).end();
  });
  router.patch(path, limit, ...textBody(FRAGMENT_TYPE), async (request, response) => {
    const session = sessionOf(request);
    const fragment = readFragment(bodyOf(request));
    if (patchKind(session, fragment, request.get('if-match')) === 'trickle') {
      // An ICE-lite agent learns the client's candidates from its checks (RFC 8445 section 2.5).
      response.status(204).end();
      return;
    }
    const iceParameters = await actions.restartIce(session);
    session.transport = { ...session.transport, iceParameters };
    session.usernameFragment = fragment.usernameFragment;
    session.etag = newEtag();
    response.set('ETag', session.etag).type(FRAGMENT_TYPE);
    response.status(200).send(writeFragment(actions.answer(session)));
  });
}
