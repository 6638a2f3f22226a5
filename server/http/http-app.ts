import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { Channels } from '../channels/channels.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { api } from './api.ts';
import { errors, notFound } from './errors.ts';
import { type HealthSources, health } from './health.ts';
import { pages } from './pages.ts';
import { securityHeaders } from './security-headers.ts';

export interface HttpAppOptions {
  channels: Channels;
  clientDir: string;
  metrics: Metrics;
  health: HealthSources;
  log: Logger;
}

export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(health(options.health, options.metrics));
  app.use('/api/v1', api(options.channels));
  app.use(pages(options.clientDir, options.channels));
  app.use(notFound);
  app.use(errors(options.log));
  return app;
}
