import { join } from 'node:path';
import compression from 'compression';
import express, { type Request, type Router } from 'express';
import { libraryIdSchema, SfumatoError } from '../../signaling/contract/index.ts';
import type { Channels } from '../channels/channels.ts';
import type { Assets } from '../library/assets.ts';
import type { RequestCredentials } from './credentials.ts';
import { readerOf } from './library-reader.ts';
import { allowCapture, allowFraming } from './security-headers.ts';

/** One year: the names of built files carry a hash of what is in them. */
const IMMUTABLE_MS = 365 * 24 * 60 * 60 * 1000;

export interface PagesOptions {
  clientDir: string;
  channels: Channels;
  assets: Assets;
  credentials: RequestCredentials;
}

/** The built client: its pages and their files. */
export function pages(options: PagesOptions): Router {
  const { clientDir } = options;
  const router = express.Router();
  // A page's scripts are half a megabyte as they are: seconds on a narrow link.
  router.use(compression());
  router.get('/', (_request, response) => {
    response.sendFile(join(clientDir, 'index.html'));
  });
  router.get('/admin', (_request, response) => {
    response.sendFile(join(clientDir, 'admin.html'));
  });
  router.get('/library', (_request, response) => {
    response.sendFile(join(clientDir, 'library.html'));
  });
  router.get('/watch/:id', async (request, response) => {
    response.status(await statusOf(options, request.params.id, request));
    response.sendFile(join(clientDir, 'watch.html'));
  });
  router.get('/embed/:id', allowFraming, async (request, response) => {
    response.status(await statusOf(options, String(request.params['id']), request));
    response.sendFile(join(clientDir, 'embed.html'));
  });
  router.get('/broadcast/:id', allowCapture, (_request, response) => {
    response.sendFile(join(clientDir, 'broadcast.html'));
  });
  router.use(
    '/assets',
    express.static(join(clientDir, 'assets'), { immutable: true, maxAge: IMMUTABLE_MS }),
  );
  router.use(express.static(clientDir, { index: false }));
  return router;
}

/** The page itself says that there is nothing; the status is for those that do not read. */
async function statusOf(options: PagesOptions, id: string, request: Request): Promise<200 | 404> {
  const isThere = options.channels.has(id) || (await maySeeAsset(options, id, request));
  return isThere ? 200 : 404;
}

/** Of what one may not see, the page tells no more than of what there is not. */
async function maySeeAsset(
  { assets, credentials }: PagesOptions,
  id: string,
  request: Request,
): Promise<boolean> {
  if (!libraryIdSchema.safeParse(id).success) return false;
  try {
    await assets.get(id, readerOf(await credentials.identify(request)));
    return true;
  } catch (error) {
    if (error instanceof SfumatoError) return false;
    throw error;
  }
}
