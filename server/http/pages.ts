import { join } from 'node:path';
import compression from 'compression';
import express, { type Router } from 'express';
import type { Channels } from '../channels/channels.ts';
import { allowCapture, allowFraming } from './security-headers.ts';

/** One year: the names of built files carry a hash of what is in them. */
const IMMUTABLE_MS = 365 * 24 * 60 * 60 * 1000;

/** The built client: its pages and their files. */
export function pages(clientDir: string, channels: Channels): Router {
  const router = express.Router();
  // A page's scripts are half a megabyte as they are: seconds on a narrow link.
  router.use(compression());
  router.get('/', (_request, response) => {
    response.sendFile(join(clientDir, 'index.html'));
  });
  router.get('/admin', (_request, response) => {
    response.sendFile(join(clientDir, 'admin.html'));
  });
  router.get('/watch/:id', (request, response) => {
    // The page itself says that there is nothing; the status is for those that do not read.
    response.status(channels.has(request.params.id) ? 200 : 404);
    response.sendFile(join(clientDir, 'watch.html'));
  });
  router.get('/embed/:id', allowFraming, (request, response) => {
    response.status(channels.has(String(request.params['id'])) ? 200 : 404);
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
