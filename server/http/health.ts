import express, { type Router } from 'express';
import type { Metrics } from '../telemetry/metrics.ts';

export interface HealthSources {
  /** Can a Viewer be taken right now? If not, why? */
  notReady(): string | undefined;
}

/** For whoever runs the server: is it alive, can it take Viewers, how is it doing? */
export function health(sources: HealthSources, metrics: Metrics): Router {
  const router = express.Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', (_request, response) => {
    const reason = sources.notReady();
    if (reason === undefined) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', reason });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
