/** Builds the mediasoup worker from the npm package's own source with the recipe in scripts/worker. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, run } from './child.mjs';
import { readIfThere } from './context.mjs';
import { SetupError } from './errors.mjs';
import { findOnPath } from './proof.mjs';
import { familyOf, installPackages, missingDebianPackages, readOsRelease } from './system.mjs';

const RECIPE = fileURLToPath(new URL('../worker', import.meta.url));
/** What one compiler takes at most, seen with g++ 12. */
const BYTES_A_JOB = 700 * 2 ** 20;

const INSTEAD =
  'Or bring a worker from a machine with the same system and name it by MEDIASOUP_WORKER_BIN, or name a mirror of the release page by MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL.';

/**
 * How many compilers run at once: one a core, but no more than the memory holds.
 * @param {number} cores
 * @param {number} bytes of memory
 */
export function jobs(cores, bytes) {
  return Math.max(1, Math.min(cores, Math.floor(bytes / BYTES_A_JOB)));
}

/**
 * The state of a build by one line of ninja's output.
 * @param {string} line
 */
export function ninjaProgress(line) {
  const match = /^\[(\d+)\/(\d+)\]/.exec(line);
  if (!match) return undefined;
  const [done, all] = [Number(match[1]), Number(match[2])];
  return { percent: (100 * done) / all, detail: `compiled ${done} of ${all} files` };
}

/**
 * Builds beside the cache and moves the finished binary to its place. An interrupted build goes on where
 * it ended: ninja knows what it has finished. The caller holds the lock.
 * @param {import('./context.mjs').Context} context
 * @param {import('./progress.mjs').Progress} progress
 * @param {string} path where the worker goes
 */
export async function buildWorker(context, progress, path) {
  const folder = `${dirname(path)}.build`;
  const source = join(context.root, 'node_modules', 'mediasoup', 'worker');
  prepareFolder(folder, source);
  const cores = availableParallelism?.() ?? cpus().length;
  const prefixes = await homebrewPrefixes(context);
  progress.say('building it from the source in the npm package (about 3 minutes on two cores)');
  try {
    // Configuring again would write the headers anew, and what is compiled would be of no use.
    if (!existsSync(join(folder, 'build.ninja'))) {
      const configure = ['-G', 'Ninja', '-S', RECIPE, '-B', folder, `-DWORKER_SOURCE=${source}`];
      await run(context, 'cmake', [...configure, ...prefixes]);
    }
    await run(context, 'cmake', ['--build', folder, '--parallel', `${jobs(cores, totalmem())}`], {
      env: { NINJA_STATUS: '[%f/%t] ' },
      onLine(line) {
        const state = ninjaProgress(line);
        if (state) progress.update(state);
      },
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SetupError(
      `The mediasoup worker could not be built: ${error.tail.find((line) => /error/i.test(line)) ?? error.message}. ${INSTEAD}`,
      error,
    );
  }
  renameSync(join(folder, 'mediasoup-worker'), path);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Object files of another checkout are of no use, and cmake refuses them.
 * @param {string} folder
 * @param {string} source
 */
function prepareFolder(folder, source) {
  const stamp = join(folder, 'source.txt');
  const origin = `${RECIPE}\n${source}\n`;
  if (readIfThere(stamp) === origin) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, origin);
}

/**
 * Has the compiler and the libraries, or gets them.
 * @param {import('./context.mjs').Context} context
 * @param {import('./progress.mjs').Progress} progress
 * @throws {SetupError} where they are missing and may not be installed, with the command to run
 */
export async function ensureTools(context, progress) {
  const family = familyOf(platform(), readOsRelease());
  const apt = family === 'debian' || family === 'ubuntu';
  const complete = apt ? missingDebianPackages('worker').length === 0 : await hasTools(context);
  if (complete) return;
  const why =
    'The prebuilt mediasoup worker could not be downloaded, so it has to be built here, which takes a C++20 compiler, cmake, ninja, pkg-config, flatc and the libraries libuv, OpenSSL 3, libsrtp 2, FlatBuffers and Abseil.';
  await installPackages(context, progress, 'worker', `${why} ${INSTEAD}`);
}

/** @param {import('./context.mjs').Context} context */
async function hasTools(context) {
  const tools = [['c++', 'g++', 'clang++'], ['cmake'], ['ninja'], ['pkg-config'], ['flatc']];
  if (!tools.every((names) => findOnPath(names))) return false;
  try {
    await run(context, 'pkg-config', ['--exists', 'libuv', 'libsrtp2']);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/**
 * Homebrew keeps OpenSSL out of the usual places.
 * @param {import('./context.mjs').Context} context
 */
async function homebrewPrefixes(context) {
  if (platform() !== 'darwin' || !findOnPath(['brew'])) return [];
  let prefix = '';
  await run(context, 'brew', ['--prefix', 'openssl@3'], { onLine: (line) => (prefix ||= line) });
  return prefix ? [`-DOPENSSL_ROOT_DIR=${prefix}`] : [];
}
