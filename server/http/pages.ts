import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import compression from 'compression';
import express, { type Request, type Router } from 'express';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { GuardedThings, Visitor } from '../access/visitor.ts';
import { demandYes, type WatchGate } from '../access/watch-gate.ts';
import type { RequestCredentials } from './credentials.ts';
import type { Embeddables } from './embedding/embeddable.ts';
import { pageHead, withHead } from './embedding/page-head.ts';
import { cutSites, readableBy } from './embedding/sites.ts';
import { originOf } from './own-origin.ts';
import { readyCompressed } from './ready-compressed.ts';
import { allowCapture, allowFraming } from './security-headers.ts';
import { HTTP_STATUS } from './status.ts';

/** One year: the names of built files carry a hash of what is in them. */
const IMMUTABLE_MS = 365 * 24 * 60 * 60 * 1000;

export interface PagesOptions {
  clientDir: string;
  gate: Pick<WatchGate, 'ask'>;
  things: Pick<GuardedThings, 'meet'>;
  credentials: RequestCredentials;
  embeddables: Embeddables;
  publicUrl: string | undefined;
  /** Origins that may show the player in a frame; `*` for all. */
  embedSites: readonly string[];
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
    const visitor = await visitorOf(options, request);
    response.status(await statusOf(options, request.params.id, visitor));
    const head = await headFor(options, request.params.id, request);
    if (head === undefined) {
      response.sendFile(join(clientDir, 'watch.html'));
      return;
    }
    const page = await readFile(join(clientDir, 'watch.html'), 'utf8');
    response.type('html').send(withHead(page, head));
  });
  router.get('/embed/:id', async (request, response) => {
    const { id } = request.params;
    const visitor = await visitorOf(options, request);
    allowFraming(response, await framersOf(options, id, visitor));
    response.status(await statusOf(options, id, visitor));
    response.sendFile(join(clientDir, 'embed.html'));
  });
  router.get('/broadcast/:id', allowCapture, (_request, response) => {
    response.sendFile(join(clientDir, 'broadcast.html'));
  });
  // Code is no secret: the player of other sites' pages is this one.
  router.use(['/assets', '/embed.js', '/embed-sdk.js'], readableBy({ sites: ['*'] }));
  router.use(readyCompressed(clientDir));
  router.use(
    '/assets',
    express.static(join(clientDir, 'assets'), { immutable: true, maxAge: IMMUTABLE_MS }),
  );
  router.use(express.static(clientDir, { index: false }));
  return router;
}

/** Whoever shows a wrong token has shown nothing. */
async function visitorOf({ credentials }: PagesOptions, request: Request): Promise<Visitor> {
  try {
    return await credentials.visit(request);
  } catch (error) {
    if (error instanceof SfumatoError) return credentials.stranger(request);
    throw error;
  }
}

/**
 * The page itself says why there is nothing to see, and asks for what is missing; the status is for those that do not
 * read.
 */
async function statusOf({ gate }: PagesOptions, id: string, visitor: Visitor): Promise<number> {
  try {
    // A page that is opened is on no site: those that may show it in a frame are told to the browser.
    const answer = await gate.ask(id, { ...visitor, site: undefined });
    demandYes(answer);
    return 200;
  } catch (error) {
    if (error instanceof SfumatoError) return HTTP_STATUS[error.code];
    throw error;
  }
}

/** The sites that may show the player of this thing in a frame. */
async function framersOf(
  { things, embedSites }: PagesOptions,
  id: string,
  visitor: Visitor,
): Promise<readonly string[]> {
  const met = await things.meet(id, visitor);
  const sites = met?.thing.rules.embedSites ?? embedSites;
  const { pass } = visitor;
  return typeof pass === 'object' ? cutSites(sites, pass.sites) : sites;
}

/** What the page says to those that run no scripts: of what is for everybody only. */
async function headFor(
  { embeddables, publicUrl }: PagesOptions,
  id: string,
  request: Request,
): Promise<string | undefined> {
  try {
    return pageHead(await embeddables.find(id), originOf(request, publicUrl));
  } catch (error) {
    if (error instanceof SfumatoError) return undefined;
    throw error;
  }
}
