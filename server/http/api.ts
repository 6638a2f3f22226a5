import type { Router } from 'express';
import type { Access } from '../access/access.ts';
import type { AssetFeed } from '../library/asset-feed.ts';
import { AssetFiles } from '../library/asset-files.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { Hls } from '../library/hls/hls.ts';
import { WatchPositions } from '../playback/watch-positions.ts';
import type { MediaFiles } from '../store/media-files/media-files.ts';
import type { Uploads } from '../library/uploads/uploads.ts';
import { accessApi } from './access-api.ts';
import { assetEventsApi } from './asset-events.ts';
import { assetFilesApi } from './asset-files.ts';
import { assetPlaylistsApi } from './asset-playlists.ts';
import { channelsApi, type ChannelSources } from './channels-api.ts';
import { RequestCredentials } from './credentials.ts';
import { Endpoints } from './endpoints.ts';
import { libraryApi } from './library-api.ts';
import { openApi } from './openapi.ts';
import { partyApi, type PartySources } from './party-api.ts';
import { playbackApi, type PlaybackSources } from './playback-api.ts';
import { playlistApi, type PlaylistSources } from './playlist-api.ts';
import { positionsApi } from './positions-api.ts';
import { rulesApi, type RulesSources } from './rules-api.ts';
import { uploadsDoor } from './uploads.ts';

export interface ApiOptions
  extends ChannelSources,
    PartySources,
    PlaylistSources,
    RulesSources,
    PlaybackSources {
  access: Access;
  catalogue: Catalogue;
  files: MediaFiles;
  feed: AssetFeed;
  closing: AbortSignal;
  uploads: Uploads;
  publicUrl: string | undefined;
}

/** REST, below `/api`. */
export function api(options: ApiOptions): Router {
  const credentials = new RequestCredentials(options.access, options.passes, options.publicUrl);
  const endpoints = new Endpoints(credentials, options.access.audit);
  endpoints.router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  channelsApi(endpoints, options);
  const library = { assets: options.catalogue.assets, files: options.files };
  const { feed, closing, admissions } = options;
  assetFilesApi(endpoints, new AssetFiles(library), admissions);
  assetPlaylistsApi(endpoints, new Hls(library), admissions);
  // Before `/assets/:id`, which would take it for an id.
  assetEventsApi(endpoints, { feed, admissions, credentials, closing });
  libraryApi(endpoints, options.catalogue, options.uploads);
  const { db, assets } = options.catalogue;
  positionsApi(endpoints, new WatchPositions({ db, assets }));
  partyApi(endpoints, options);
  playlistApi(endpoints, options);
  rulesApi(endpoints, options, assets);
  playbackApi(endpoints, options);
  accessApi(endpoints, options.access, { credentials, publicUrl: options.publicUrl });
  endpoints.refuseOthers();
  endpoints.router.use('/uploads', uploadsDoor(options.uploads, credentials));
  return openApi(endpoints.router);
}
