import express, { type Router } from 'express';
import { z } from 'zod';
import { SfumatoError, toWireError, watchedIn } from '../../../signaling/contract/index.ts';
import { originOf } from '../own-origin.ts';
import type { Embeddables } from './embeddable.ts';
import { asXml, oembedOf } from './oembed-answer.ts';

const pixels = z.coerce.number().int().min(1).max(65_536).optional();
const querySchema = z.object({
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  maxwidth: pixels,
  maxheight: pixels,
  format: z.string().default('json'),
});

/**
 * `GET /oembed?url=`: how something of this server is put on another site (https://oembed.com, 1.0). 404 for what is not
 * here, 401 for what is private, 501 for formats but JSON and XML.
 */
export function oembed(embeddables: Embeddables, publicUrl: string | undefined): Router {
  const router = express.Router();
  router.get('/oembed', async (request, response) => {
    // Any page may ask: it is told what strangers are told.
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    const { url, maxwidth, maxheight, format } = parse(request.query);
    if (format !== 'json' && format !== 'xml') {
      const error = new SfumatoError('unsupportedMedia', 'There is `json` and `xml`.');
      response.status(501).json({ error: toWireError(error) });
      return;
    }
    const origin = originOf(request, publicUrl);
    const thing = await embeddables.find(idIn(url, origin));
    const answer = oembedOf(thing, origin, {
      ...(maxwidth !== undefined && { width: maxwidth }),
      ...(maxheight !== undefined && { height: maxheight }),
    });
    response.set('Cache-Control', thing.listed ? 'public, max-age=300' : 'private, max-age=300');
    if (format === 'json') response.json(answer);
    else response.type('text/xml').send(asXml(answer));
  });
  return router;
}

function parse(query: unknown): z.output<typeof querySchema> {
  const result = querySchema.safeParse(query);
  if (result.success) return result.data;
  throw new SfumatoError('badRequest', 'An oEmbed request names a `url` of this server.', {
    hint: '/oembed?url=https://this.server/watch/demo&maxwidth=640',
  });
}

/** @throws SfumatoError `notFound` for the address of another server, or of no player's page */
function idIn(url: string, origin: string): string {
  const { host, pathname } = new URL(url);
  const id = watchedIn(pathname);
  if (id === undefined || host !== new URL(origin).host) {
    throw new SfumatoError('notFound', 'This is no address of something to watch here.');
  }
  return id;
}
