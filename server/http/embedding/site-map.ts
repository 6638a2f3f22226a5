import express, { type Router } from 'express';
import { escapeText } from '../../../signaling/contract/index.ts';
import { originOf } from '../own-origin.ts';
import type { Embeddables } from './embeddable.ts';

/** What search engines take of one site map is fifty times that (https://www.sitemaps.org); the newest count. */
const MOST = 1_000;

/** `/sitemap.xml` of what is public, and `/robots.txt`, which leads there. */
export function siteMap(embeddables: Embeddables, publicUrl: string | undefined): Router {
  const router = express.Router();
  router.get('/sitemap.xml', async (request, response) => {
    const origin = originOf(request, publicUrl);
    const entries = (await embeddables.listed(MOST)).map(({ id, updatedAt }) => {
      const changed = updatedAt === undefined ? '' : `<lastmod>${updatedAt}</lastmod>`;
      return `  <url><loc>${escapeText(`${origin}/watch/${id}`)}</loc>${changed}</url>`;
    });
    response.set('Cache-Control', 'public, max-age=300');
    response.type('application/xml').send(
      `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.join('\n')}
</urlset>
`,
    );
  });
  router.get('/robots.txt', (request, response) => {
    const origin = originOf(request, publicUrl);
    response.type('text/plain').send(
      `User-agent: *
Disallow: /admin
Disallow: /broadcast/
Sitemap: ${origin}/sitemap.xml
`,
    );
  });
  return router;
}
