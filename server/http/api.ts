import type { Router } from 'express';
import type { Access } from '../access/access.ts';
import { accessApi } from './access-api.ts';
import { channelsApi, type ChannelSources } from './channels-api.ts';
import { RequestCredentials } from './credentials.ts';
import { Endpoints } from './endpoints.ts';
import { openApi } from './openapi.ts';

export interface ApiOptions extends ChannelSources {
  access: Access;
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
  accessApi(endpoints, options.access, credentials);
  return openApi(endpoints.refuseOthers());
}
