/**
 * `npm run setup`: sets up what is missing and nothing else. `--tests` adds what only the tests need,
 * `--verify` tries again what was seen working before.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, readSettings, root } from './setup/context.mjs';
import { setUp } from './setup/set-up.mjs';

const flags = new Set(process.argv.slice(2));
if (flags.has('--verify')) {
  rmSync(join(cacheFolder(readSettings(root)), 'proofs'), { recursive: true, force: true });
}
const { env } = await setUp(flags.has('--tests') ? 'tests' : 'start');
for (const name of [
  'MEDIASOUP_WORKER_BIN',
  'FFMPEG_PATH',
  'FFPROBE_PATH',
  'CHROMIUM_PATH',
  'POSTGRES_BIN',
]) {
  if (env[name]) console.log(`${name}=${env[name]}`);
}
