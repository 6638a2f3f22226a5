import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.ts';
import { api, type ApiOptions } from './api.ts';
import { RequestCredentials } from './credentials.ts';
import { errors, notFound } from './errors.ts';
import { type HealthSources, health } from './health.ts';
import { pages } from './pages.ts';
import { securityHeaders } from './security-headers.ts';
import { whep, type WhepOptions } from './whep.ts';
import { whip, type WhipOptions } from './whip.ts';

export interface HttpAppOptions extends ApiOptions {
  clientDir: string;
  metrics: Metrics;
  health: HealthSources;
  whip: WhipOptions;
  whep: WhepOptions;
  log: Logger;
}

export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // Only a proxy on this machine is believed about whom it speaks for.
  app.set('trust proxy', 'loopback');
  app.use(securityHeaders());
  app.use(health(options.health, options.metrics));
  app.use('/api', api(options));
  app.use('/whip', whip(options.whip));
  app.use('/whep', whep(options.whep));
  const { clientDir, channels, catalogue, access, publicUrl } = options;
  const credentials = new RequestCredentials(access, publicUrl);
  app.use(pages({ clientDir, channels, assets: catalogue.assets, credentials }));
  app.use(notFound);
  app.use(errors(options.log));
  return app;
}
