import { SfumatoError } from '../../signaling/contract/index.ts';
import type { Visitor } from '../access/visitor.ts';
import type { Reader } from '../library/reader.ts';
import type { Watcher, WatchPositions } from '../playback/watch-positions.ts';
import type { Endpoints } from './endpoints.ts';
import { readerFor } from './library-reader.ts';
import { OPERATIONS } from './operations.ts';

/** `/positions` and `/assets/:id/position`. */
export function positionsApi(endpoints: Endpoints, positions: WatchPositions<Reader>): void {
  endpoints
    .on(OPERATIONS.listPositions, async ({ query, visitor }) => ({
      positions: await positions.list(watcherOf(visitor), query.limit),
    }))
    .on(OPERATIONS.getPosition, async ({ params, visitor }) => ({
      position: await positions.get(params.id, watcherOf(visitor)),
    }))
    .on(OPERATIONS.putPosition, async ({ params, body, visitor }) => {
      const { seconds, updatedAt: at } = body;
      return { position: await positions.put(params.id, { seconds, at }, watcherOf(visitor)) };
    })
    .on(OPERATIONS.forgetPosition, ({ params, visitor }) =>
      positions.forget(params.id, watcherOf(visitor)),
    );
}

/** @throws SfumatoError `forbidden` for a token */
function watcherOf(visitor: Visitor): Watcher<Reader> {
  const { principal } = visitor;
  if (principal?.kind === 'account') {
    return { accountId: principal.id, reader: readerFor(visitor) };
  }
  throw new SfumatoError('forbidden', 'How far one has come is kept for people, not for tokens.', {
    hint: 'A page of this server, where somebody is logged in, may ask this.',
  });
}
