import express, { type Router } from 'express';
import { channelListSchema, channelSchema } from '../../signaling/contract/index.ts';
import type { Channels } from '../channels/channels.ts';

/** REST, `/api/v1`. Every answer is parsed by the schema that describes it. */
export function api(channels: Channels): Router {
  const router = express.Router();
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/channels', (_request, response) => {
    const list = channels.list().map((channel) => channel.info());
    response.json(channelListSchema.parse({ channels: list }));
  });
  router.get('/channels/:id', (request, response) => {
    response.json(channelSchema.parse(channels.get(request.params.id).info()));
  });
  return router;
}
