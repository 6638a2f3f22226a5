/**
 * The mediasoup worker: the operator's own, else the one in the cache, else the prebuilt one of the
 * release page, else one built here from the npm package's source.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWorker, ensureTools } from '../build-worker.mjs';
import { CommandError, run } from '../child.mjs';
import { SetupError } from '../errors.mjs';
import { fetchProgram } from '../fetch-program.mjs';
import { isExecutable, isProven, recordProof } from '../proof.mjs';
import { readOsRelease, releaseOf } from '../system.mjs';

const VERIFY = fileURLToPath(new URL('../verify-worker.mjs', import.meta.url));
const VERIFY_LIMIT_MS = 30_000;
const RECIPE = fileURLToPath(new URL('../../worker', import.meta.url));
const BINARY = os.platform() === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';

/**
 * The prebuilt worker's address, as mediasoup's own npm-scripts.mjs makes it.
 * @param {{ version: string, platform: string, arch: string, kernel: string, base?: string | undefined }} system
 */
export function prebuiltUrl({ version, platform, arch, kernel, base }) {
  const from = base ?? 'https://github.com/versatica/mediasoup/releases/download';
  const suffix = platform === 'linux' ? `-kernel${Number(kernel.split('.')[0])}` : '';
  return `${from}/${version}/mediasoup-worker-${version}-${platform}-${arch}${suffix}.tgz`;
}

/** @param {string} root */
function mediasoupVersion(root) {
  const text = readFileSync(join(root, 'node_modules', 'mediasoup', 'package.json'), 'utf8');
  return String(JSON.parse(text).version);
}

/** Changes when the way that we build the worker does. */
function recipeHash() {
  const hash = createHash('sha256');
  for (const name of ['CMakeLists.txt', 'include/srtp.h', 'include/ankerl/unordered_dense.h']) {
    hash.update(readFileSync(join(RECIPE, name)));
  }
  return hash.digest('hex').slice(0, 8);
}

/** @param {import('../context.mjs').Context} context */
function cachedFolder({ root, cache }) {
  const system = `${os.platform()}-${os.arch()}-${releaseOf(os.platform(), readOsRelease(), os.release())}`;
  const key = `${mediasoupVersion(root)}-${system}-${recipeHash()}`;
  return join(cache, 'mediasoup-worker', key);
}

/** @param {import('../context.mjs').Context} context */
function candidates(context) {
  const own = context.settings.MEDIASOUP_WORKER_BIN;
  if (own) return [own];
  // Where mediasoup's own install script puts it, if somebody has let that run.
  const upstream = join(context.root, 'node_modules/mediasoup/worker/out/Release', BINARY);
  return [join(cachedFolder(context), BINARY), upstream];
}

/** @param {import('../context.mjs').Context} context */
function purpose({ root }) {
  return `mediasoup ${mediasoupVersion(root)}`;
}

/**
 * A worker counts when it has started and answered.
 * @param {import('../context.mjs').Context} context
 * @param {import('../progress.mjs').Progress} progress
 * @param {string} path
 */
async function works(context, progress, path) {
  if (!isExecutable(path)) return false;
  progress.say(`starting ${path} to see whether it answers`);
  try {
    await run(context, context.node, [VERIFY, path], { timeoutMs: VERIFY_LIMIT_MS });
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
  recordProof(context.cache, path, purpose(context));
  return true;
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {import('../progress.mjs').Progress} progress
 * @param {string} path
 */
async function download(context, progress, path) {
  const { settings } = context;
  if (settings.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return false;
  const url = prebuiltUrl({
    version: mediasoupVersion(context.root),
    platform: os.platform(),
    arch: os.arch(),
    kernel: os.release(),
    base: settings.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL,
  });
  progress.say(`downloading ${url}`);
  try {
    await fetchProgram(context, progress, url, path);
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
  return works(context, progress, path);
}

/** @type {import('../set-up.mjs').Step} */
export const workerStep = {
  title: 'Mediasoup worker',
  why: 'looking for the process that forwards the media, and getting it if there is none, because none has been seen working on this system yet.',
  scope: 'machine',

  find(context) {
    const path = candidates(context).find((it) => isProven(context.cache, it, purpose(context)));
    return path ? { MEDIASOUP_WORKER_BIN: path } : undefined;
  },

  async run(context, progress) {
    for (const path of candidates(context)) {
      if (await works(context, progress, path)) return;
    }
    const own = context.settings.MEDIASOUP_WORKER_BIN;
    if (own) {
      throw new SetupError(
        `MEDIASOUP_WORKER_BIN names ${own}, which is not a mediasoup worker that starts and answers to mediasoup ${mediasoupVersion(context.root)} here. Correct the setting, or remove it to have a worker made.`,
      );
    }
    const path = join(cachedFolder(context), BINARY);
    mkdirSync(cachedFolder(context), { recursive: true });
    if (await download(context, progress, path)) return;
    await ensureTools(context, progress);
    // One from a cache that was kept while the system was not may only have lacked its libraries.
    if (await works(context, progress, path)) return;
    await buildWorker(context, progress, path);
    if (await works(context, progress, path)) return;
    throw new SetupError(
      `The worker was built as ${path}, but does not start and answer. Please report this with the log file; until then, a worker of your own can be named by MEDIASOUP_WORKER_BIN.`,
    );
  },
};
