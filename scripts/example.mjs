/**
 * `npm run example [-- PORT]`: serves docs/examples/embed.html, a page of "another site" that shows what a server here
 * has. Nothing is set up for it, and Node 18 is enough.
 */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';

const HOST = '127.0.0.1';
const PAGE = new URL('../docs/examples/embed.html', import.meta.url);
const PORT = Number(process.argv[2] ?? 8090);

const server = createServer((request, response) => {
  const path = (request.url ?? '/').split('?')[0];
  if (path !== '/' || !['GET', 'HEAD'].includes(request.method ?? '')) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is only one page: /\n');
    return;
  }
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(PAGE).pipe(response);
});

/** @param {NodeJS.ErrnoException} error */
function giveUp(error) {
  const busy = error.code === 'EADDRINUSE';
  const advice = `port ${PORT} is taken: npm run example -- ${PORT + 1}`;
  console.error(busy ? advice : `example: ${error.message}`);
  process.exitCode = 1;
}

function sayWhere() {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : PORT;
  const origin = `http://${HOST}:${port}`;
  console.log(`${origin}/?server=http://localhost:8080&id=demo`);
  console.log(`For the player without a frame, start the server with ALLOWED_ORIGINS=${origin}`);
}

if (Number.isInteger(PORT) && PORT >= 0 && PORT < 65_536) {
  server.on('error', giveUp).listen(PORT, HOST, sayWhere);
  // Whoever started it with a channel is gone.
  process.once('disconnect', () => process.exit());
} else {
  console.error('npm run example [-- PORT]');
  process.exitCode = 2;
}
