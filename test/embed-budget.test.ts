import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { z } from 'zod';

/** "The player's critical path at most 90 kB compressed." */
const BUDGET = 90_000;

const CLIENT = process.env['CLIENT_DIR'] ?? resolve(import.meta.dirname, '../dist/client');

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).optional(),
    css: z.array(z.string()).optional(),
  }),
);
const manifest = manifestSchema.parse(
  JSON.parse(readFileSync(join(CLIENT, '.vite/manifest.json'), 'utf8')),
);

/** The files of some modules, and of everything that they cannot be without. */
function filesOf(modules: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of modules) {
    const { file, imports = [], css = [] } = manifest[name] ?? {};
    if (file === undefined) throw new Error(`no ${name} among what was built`);
    if (found.has(file)) continue;
    for (const needed of [file, ...css]) found.add(needed);
    filesOf(imports, found);
  }
  return found;
}

const handlerOf = (browser: string) =>
  Object.keys(manifest).find((name) => name.endsWith(`/handlers/${browser}.js`)) ?? browser;
const criticalPath = (browser: string) => [...filesOf(['embed.html', handlerOf(browser)])];
const bytesOf = (files: readonly string[], compressed: (file: string) => Buffer) =>
  files.reduce((sum, file) => sum + compressed(join(CLIENT, file)).length, 0);

const gzipped = (path: string) => gzipSync(readFileSync(path));
/** What the server has ready; the smallest are sent as they are. */
const brotli = (path: string) => {
  const plain = readFileSync(path);
  if (plain.length < 1024) return plain;
  const ready = readFileSync(`${path}.br`);
  expect(brotliDecompressSync(ready).equals(plain)).toBe(true);
  return ready;
};

test.each(['Chrome111', 'Firefox120', 'Safari12'])(
  'what an embedded Channel needs for its first picture is small (%s)',
  (browser) => {
    const files = criticalPath(browser);
    const sizes = { gzip: bytesOf(files, gzipped), brotli: bytesOf(files, brotli) };
    console.info(browser, sizes, files.length);
    expect(sizes.gzip).toBeLessThanOrEqual(BUDGET);
    expect(sizes.brotli).toBeLessThanOrEqual(BUDGET);
  },
);

test('neither the controls nor what plays Assets is among it', () => {
  const names = criticalPath('Chrome111').join(' ');
  expect(names).toContain('sfumato-video');
  expect(names).not.toMatch(/controls|stored|hls|web-rtc-source|party|access|media-chrome/);
});
