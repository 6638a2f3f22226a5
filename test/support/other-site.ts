import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

const PLAYER_JS = join(
  import.meta.dirname,
  '../../node_modules/player.js/dist/player-0.1.0.min.js',
);
const addressSchema = z.object({ port: z.number() });

export type OtherSite = {
  /** Another host name and another port than the server's. */
  origin: string;
  /** Puts a page there. @returns its address */
  page(body: string): string;
  close(): Promise<void>;
};

/** Somebody else's web site, with the library of player.js at `/player.js`. */
export async function openOtherSite(): Promise<OtherSite> {
  const pages = new Map<string, string>();
  const library = await readFile(PLAYER_JS, 'utf8');
  const server = createServer((request, response) => {
    const isScript = request.url === '/player.js';
    const text = isScript ? library : pages.get(request.url ?? '');
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = addressSchema.parse(server.address());
  const origin = `http://localhost:${port}`;
  return {
    origin,
    page(body) {
      const path = `/${pages.size + 1}`;
      pages.set(path, `<!doctype html><html lang="en"><title>A site</title><body>${body}</body>`);
      return origin + path;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
