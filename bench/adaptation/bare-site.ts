import { resolve } from 'node:path';
import { build } from 'vite';
import { z } from 'zod';
import type { Prepared } from '../../server/library/library.ts';
import { forkHelper } from '../support/processes.ts';
import type { Stage } from './stage.ts';

const siteSchema = z.object({
  target: z.object({ ip: z.string(), port: z.number() }),
  url: z.string(),
});
const sourceSchema = z.record(z.string(), z.unknown());

export type BareSite = { url: string; end(): Promise<void> };

/** Plain mediasoup beside our server in its namespace, with a page to watch it by. */
export async function startBareSite(
  { box, link, folder }: Stage,
  { rungs, audio }: Prepared,
): Promise<BareSite> {
  const page = await bundlePage(folder);
  const feeder = await forkHelper('bench/forwarding/feeder.ts', [], {}, box.server);
  const args = [link.serverAddress, page];
  const site = await forkHelper('bench/adaptation/bare-process.ts', args, {}, box.server);
  const source = sourceSchema.parse(await feeder.ask({ type: 'open', video: rungs, audio }));
  const { target, url } = siteSchema.parse(await site.ask(source));
  await feeder.ask({ type: 'start', target });
  return { url, end: async () => void (await Promise.all([feeder.end(), site.end()])) };
}

/** @returns the file of the page's script */
async function bundlePage(folder: string): Promise<string> {
  const outDir = resolve(folder, 'bare');
  const entry = resolve(import.meta.dirname, 'bare-page.ts');
  await build({
    configFile: false,
    logLevel: 'error',
    build: { outDir, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  return resolve(outDir, 'page.js');
}
