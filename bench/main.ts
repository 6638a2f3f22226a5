/**
 * What it costs and how fast it is: `npm run bench`, or `npm run bench -- pump forwarding` for parts.
 * Docs: docs/bench.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchAdaptation } from './adaptation/adaptation.ts';
import { benchBrowserToBrowser } from './browser/browser-to-browser.ts';
import { benchFirstFrame } from './browser/first-frame.ts';
import { benchGlassToGlass } from './browser/glass-to-glass.ts';
import { benchWhepJoin } from './browser/whep-join.ts';
import { benchWhipOnAir } from './browser/whip-on-air.ts';
import { benchZap } from './browser/zap.ts';
import { benchForwarding } from './forwarding/forwarding.ts';
import { benchPump } from './pump/pump.ts';
import { type Figure, formatTable } from './support/figure.ts';

const PARTS: Record<string, () => Promise<Figure[]>> = {
  'first-frame': benchFirstFrame,
  'glass-to-glass': benchGlassToGlass,
  zap: benchZap,
  'whip-on-air': benchWhipOnAir,
  'browser-to-browser': benchBrowserToBrowser,
  'whep-join': benchWhepJoin,
  forwarding: benchForwarding,
  pump: benchPump,
  adaptation: benchAdaptation,
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

async function main(wanted: string[]): Promise<void> {
  const names = wanted.length > 0 ? wanted : Object.keys(PARTS);
  const results: Record<string, Figure[]> = {};
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) {
      throw new Error(`${name} is no part of the bench: ${Object.keys(PARTS).join(', ')}.`);
    }
    console.error(`${name} ...`);
    results[name] = await part();
  }
  console.log(formatTable(Object.values(results).flat()));
  console.error(await writeResults(results));
}

await main(process.argv.slice(2));
