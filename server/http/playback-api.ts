import express, { type Router } from 'express';
import type { PasswordGrants } from '../access/passes/password-grants.ts';
import type { Passes } from '../access/passes/passes.ts';
import type { GuardedThings, Visitor } from '../access/visitor.ts';
import { refusalError } from '../rights/refusal-errors.ts';
import type { Endpoints } from './endpoints.ts';
import { OPERATIONS } from './operations.ts';

export interface PlaybackSources {
  passes: Passes;
  passwordGrants: PasswordGrants;
  things: GuardedThings;
}

/** `/playback-tokens`, and the doors at which a password is said. */
export function playbackApi(
  endpoints: Endpoints,
  { passes, passwordGrants, things }: PlaybackSources,
): void {
  endpoints
    .on(OPERATIONS.unlockChannel, ({ params, body, request }) =>
      passwordGrants.unlock(params.id, body.password, request.ip ?? 'unknown'),
    )
    .on(OPERATIONS.unlockAsset, ({ params, body, request }) =>
      passwordGrants.unlock(params.id, body.password, request.ip ?? 'unknown'),
    )
    .on(OPERATIONS.createPlaybackToken, async ({ body, principal, visitor, note }) => {
      const { id: thingId, ...wanted } = body;
      if (thingId !== '*') await demandThing(things, thingId, visitor);
      const grant = await passes.issue({ thingId, ...wanted }, principal?.name ?? '');
      const { id, expiresAt } = grant;
      note({ target: thingId, details: { id, expiresAt } });
      return grant;
    })
    .on(OPERATIONS.listPlaybackTokens, ({ query: { id: thingId, cursor } }) =>
      passes.list({ thingId, cursor }),
    )
    .on(OPERATIONS.revokePlaybackToken, ({ params }) => passes.revoke(params.id))
    .on(OPERATIONS.rotatePlaybackKeys, async ({ body, note }) => {
      await passes.rotateKeys(body.endEarlier);
      note({ details: { endEarlier: body.endEarlier } });
    });
}

/**
 * A token that names what is private opens it: so only who may change that makes one.
 *
 * @throws SfumatoError `notFound`, also for what is private
 */
async function demandThing(things: GuardedThings, id: string, visitor: Visitor): Promise<void> {
  const met = await things.meet(id, visitor);
  const isPrivate = met?.thing.rules.visibility === 'private';
  if (met === undefined || (isPrivate && !met.asker.mayChange)) throw refusalError('gone');
}

/** Seconds; a key that is new is looked for by its name anyway. */
const KEYS_AGE = 300;

/** The keys by which anybody can look at the signature of our playback tokens (RFC 7517, RFC 8615). */
export function playbackKeys(passes: Passes): Router {
  const router = express.Router();
  router.get('/.well-known/jwks.json', async (_request, response) => {
    const keys = await passes.publicKeys();
    response.set({
      'Cache-Control': `public, max-age=${KEYS_AGE}`,
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.type('application/jwk-set+json').send(JSON.stringify(keys));
  });
  return router;
}
