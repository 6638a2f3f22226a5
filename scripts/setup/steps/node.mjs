/** Node itself, where the caller's is too old: a package of the npm registry has the binary in it. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../child.mjs';
import { Interrupted, SetupError, messageOf } from '../errors.mjs';
import { npmCommand } from '../npm.mjs';
import { isExecutable } from '../proof.mjs';

export const NODE_VERSION = '24.21.0';
/** The first Node that runs TypeScript without a flag. */
const FLOOR = { major: 22, minor: 18 };

/**
 * Whether a Node can run the server.
 * @param {string} version without the leading v
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor);
}

/**
 * The registry's package with the binary for a system.
 * @param {string} platform
 * @param {string} arch
 */
export function nodePackage(platform, arch) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** @param {string} cache */
function folderOf(cache) {
  return join(cache, `node-${NODE_VERSION}`);
}

/** @param {string} folder */
function binaryOf(folder) {
  const name = nodePackage(process.platform, process.arch);
  return join(
    folder,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
}

/** @type {import('../set-up.mjs').Step} */
export const nodeStep = {
  title: `Node ${NODE_VERSION.split('.')[0]}`,
  why: `fetching Node ${NODE_VERSION} into the user's cache, because this one (${process.version}) cannot run the server's TypeScript.`,
  scope: 'machine',

  find(context) {
    const cached = binaryOf(folderOf(context.cache));
    const found = isNewEnough(process.versions.node) ? process.execPath : cached;
    if (!isExecutable(found)) return undefined;
    context.node = found;
    return {};
  },

  async run(context) {
    const name = `${nodePackage(process.platform, process.arch)}@${NODE_VERSION}`;
    mkdirSync(context.cache, { recursive: true });
    const folder = mkdtempSync(join(context.cache, 'node-partial-'));
    const { command, args } = npmCommand(process.execPath);
    const install = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    try {
      await run(context, command, [...args, ...install, name], { cwd: folder });
      await run(context, binaryOf(folder), ['--version']);
      rmSync(folderOf(context.cache), { recursive: true, force: true });
      renameSync(folder, folderOf(context.cache));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      if (error instanceof Interrupted) throw error;
      throw new SetupError(
        `Node ${NODE_VERSION} could not be had from the npm registry (${messageOf(error)}). Install Node 24 from https://nodejs.org or with your system's packages, see that \`node --version\` says so, and start again.`,
        error,
      );
    }
  },
};
