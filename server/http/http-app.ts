import express, { type Express, type Request } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.ts';
import type { GuardedThings } from '../access/visitor.ts';
import type { WatchGate } from '../access/watch-gate.ts';
import { api, type ApiOptions } from './api.ts';
import { RequestCredentials } from './credentials.ts';
import { Embeddables } from './embedding/embeddable.ts';
import { oembed } from './embedding/oembed.ts';
import { readableBy } from './embedding/sites.ts';
import { siteMap } from './embedding/site-map.ts';
import { errors, notFound } from './errors.ts';
import { type HealthSources, health } from './health.ts';
import { pages } from './pages.ts';
import { playbackKeys } from './playback-api.ts';
import { securityHeaders } from './security-headers.ts';
import { whep, type WhepOptions } from './whep.ts';
import { whip, type WhipOptions } from './whip.ts';

export interface HttpAppOptions extends ApiOptions {
  clientDir: string;
  /** Origins whose pages may show the player in a frame; `*` for all. */
  embedSites: readonly string[];
  /** Further origins whose pages may play without one. */
  allowedOrigins: readonly string[];
  metrics: Metrics;
  health: HealthSources;
  whip: WhipOptions;
  whep: Omit<WhepOptions, 'credentials' | 'gate' | 'admissions'>;
  gate: WatchGate;
  things: GuardedThings;
  log: Logger;
}

/** What a player asks for. */
const READ_ELSEWHERE = ['/api/v1/assets', '/api/v1/channels'];

export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // Only a proxy on this machine is believed about whom it speaks for.
  app.set('trust proxy', 'loopback');
  app.use(securityHeaders());
  app.use(health(options.health, options.metrics));
  const { allowedOrigins: sites } = options;
  const mayRead = (site: string, request: Request) => isOnItsList(options.things, site, request);
  app.use(READ_ELSEWHERE, readableBy({ sites, mayRead }));
  app.use('/api', api(options));
  app.use(playbackKeys(options.passes));
  app.use('/whip', whip(options.whip));
  const credentials = new RequestCredentials(options.access, options.passes, options.publicUrl);
  const { gate, things, admissions } = options;
  app.use('/whep', whep({ ...options.whep, credentials, gate, admissions }));
  const { clientDir, channels, catalogue, publicUrl, embedSites } = options;
  const embeddables = new Embeddables(channels, catalogue.assets);
  app.use(oembed(embeddables, publicUrl));
  app.use(siteMap(embeddables, publicUrl));
  app.use(pages({ clientDir, gate, things, credentials, embeddables, publicUrl, embedSites }));
  app.use(notFound);
  app.use(errors(options.log));
  return app;
}

const STRANGER = { principal: undefined, pass: undefined, address: undefined, agent: undefined };

/** Does the thing that is asked for, behind `/assets` or `/channels`, name this site itself? */
async function isOnItsList(things: GuardedThings, site: string, request: Request) {
  const [, named = ''] = request.path.split('/');
  const asked: unknown = named === 'events' ? request.query['id'] : named;
  if (typeof asked !== 'string') return false;
  const met = await things.meet(asked, { ...STRANGER, site });
  const sites = met?.thing.rules.embedSites ?? [];
  return sites.includes(site) || sites.includes('*');
}
