import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { RequestHandler } from 'express';

/**
 * Built files that were compressed when they were built (`NAME.br` beside NAME, Brotli, RFC 7932), to whoever
 * understands that: browsers say so on HTTPS, and to localhost. What follows is to serve them: `express.static`.
 */
export function readyCompressed(folder: string): RequestHandler {
  const there = new Set(compressedIn(folder));
  return (request, response, next) => {
    const { path } = request;
    if (!there.has(`${path}.br`)) return next();
    response.vary('Accept-Encoding');
    if (request.acceptsEncodings(['br']) === 'br') {
      request.url = request.url.replace(path, `${path}.br`);
      response.type(extname(path)).set('Content-Encoding', 'br');
    }
    next();
  };
}

/** As paths of requests. Of a folder that is not there, none: the server starts without a built client, too. */
function compressedIn(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files.filter((file) => file.endsWith('.br')).map((file) => join('/', file));
  } catch {
    return [];
  }
}
