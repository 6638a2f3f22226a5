/**
 * What it costs and how fast it is: `npm run bench`, or `npm run bench -- pump forwarding` for parts, and
 * `--rounds 2` or `--minutes 1` for more or less of them.
 * Docs: docs/bench.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ADAPTATION } from './adaptation/adaptation.ts';
import { benchBrowserToBrowser } from './browser/browser-to-browser.ts';
import { benchEmbedStart } from './browser/embed-start.ts';
import { benchFirstFrame } from './browser/first-frame.ts';
import { benchGlassToGlass } from './browser/glass-to-glass.ts';
import { benchWhepJoin } from './browser/whep-join.ts';
import { benchWhipOnAir } from './browser/whip-on-air.ts';
import { benchZap } from './browser/zap.ts';
import { benchForwarding } from './forwarding/forwarding.ts';
import { benchPreparing } from './preparing/preparing.ts';
import { benchLibrarySearch } from './library/library-search.ts';
import { PLAYBACK } from './playback/playback.ts';
import { benchPump } from './pump/pump.ts';
import { type Figure, formatTable } from './support/figure.ts';
import type { BenchOptions } from './support/options.ts';

const PARTS: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  'first-frame': benchFirstFrame,
  'embed-start': ({ rounds }) => benchEmbedStart(rounds),
  'glass-to-glass': benchGlassToGlass,
  zap: benchZap,
  'whip-on-air': ({ rounds }) => benchWhipOnAir(rounds),
  'browser-to-browser': ({ rounds }) => benchBrowserToBrowser(rounds),
  'whep-join': ({ rounds }) => benchWhepJoin(rounds),
  forwarding: benchForwarding,
  pump: benchPump,
  ...ADAPTATION,
  ...PLAYBACK,
  preparing: benchPreparing,
  'library-search': benchLibrarySearch,
};

const RESULTS = join(import.meta.dirname, 'results');

async function writeResults(parts: Record<string, Figure[]>): Promise<string> {
  const at = new Date().toISOString();
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version };
  const file = join(RESULTS, `${at.replaceAll(':', '-').slice(0, 19)}.json`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(file, `${JSON.stringify({ at, machine, parts }, undefined, 2)}\n`);
  return file;
}

const optionsSchema = z.object({
  rounds: z.coerce.number().int().positive().optional(),
  minutes: z.coerce.number().positive().optional(),
});

/** A part by its name, or all whose names begin with it: `adaptation`. @throws {Error} where there is none */
function partsNamed(wanted: string): string[] {
  const names = Object.keys(PARTS);
  if (names.includes(wanted)) return [wanted];
  const found = names.filter((name) => name.startsWith(`${wanted}-`));
  if (found.length === 0) {
    throw new Error(`${wanted} is no part of the bench: ${names.join(', ')}.`);
  }
  return found;
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { rounds: { type: 'string' }, minutes: { type: 'string' } },
    allowPositionals: true,
  });
  const options = optionsSchema.parse(values);
  const names = positionals.length > 0 ? positionals.flatMap(partsNamed) : Object.keys(PARTS);
  const results: Record<string, Figure[]> = {};
  for (const name of names) {
    console.error(`${name} ...`);
    results[name] = (await PARTS[name]?.(options)) ?? [];
  }
  console.log(formatTable(Object.values(results).flat()));
  console.error(await writeResults(results));
}

await main(process.argv.slice(2));
