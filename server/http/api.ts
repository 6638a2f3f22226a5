import type { Router } from 'express';
import type { Access } from '../access/access.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { accessApi } from './access-api.ts';
import { channelsApi, type ChannelSources } from './channels-api.ts';
import { RequestCredentials } from './credentials.ts';
import { Endpoints } from './endpoints.ts';
import { libraryApi } from './library-api.ts';
import { openApi } from './openapi.ts';

export interface ApiOptions extends ChannelSources {
  access: Access;
  catalogue: Catalogue;
  publicUrl: string | undefined;
}

/** REST, below `/api`. */
export function api(options: ApiOptions): Router {
  const credentials = new RequestCredentials(options.access, options.publicUrl);
  const endpoints = new Endpoints(credentials);
  endpoints.router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  channelsApi(endpoints, options);
  libraryApi(endpoints, options.catalogue);
  accessApi(endpoints, options.access, credentials);
  return openApi(endpoints.refuseOthers());
}
