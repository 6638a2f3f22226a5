import { createHash } from 'node:crypto';
import type { Admissions } from '../access/admissions.ts';
import type { Hls } from '../library/hls/hls.ts';
import { ASSET_DOOR_OPERATIONS, PLAYLIST_TYPE } from './asset-door-operations.ts';
import { cacheControl } from './asset-files.ts';
import { judge } from './conditional.ts';
import type { Endpoints } from './endpoints.ts';
import { handOnInPlaylist } from './handing-on.ts';
import { readerFor } from './library-reader.ts';

/** `/assets/:id/hls/:name`. They change as long as more is being made: asked for each time, sent when changed. */
export function assetPlaylistsApi(
  endpoints: Endpoints,
  hls: Hls,
  admissions: Pick<Admissions, 'demandPiece'>,
): void {
  endpoints.on(ASSET_DOOR_OPERATIONS.getAssetPlaylist, async (input) => {
    const { params, query, visitor, request, response } = input;
    const found = await hls.playlist(params.id, params.name, readerFor(visitor));
    await admissions.demandPiece(params.id, visitor, true);
    const { visibility } = found;
    const text = query.token === undefined ? found.text : handOnInPlaylist(found.text, query.token);
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    response.set({
      'Cache-Control': cacheControl({ visibility }),
      ETag: etag,
    });
    // Beside what it varies by already: for pages of other sites by their origin.
    response.vary('Authorization').vary('Cookie');
    const now = new Date();
    const ifNoneMatch = request.get('If-None-Match');
    const { status } = judge({ ifNoneMatch }, { etag, size: text.length, modified: now }, now);
    if (status === 304) response.status(304).end();
    else response.status(200).type(PLAYLIST_TYPE).send(text);
  });
}
