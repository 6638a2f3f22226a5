/** The npm packages, exactly as package-lock.json names them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, run } from '../child.mjs';
import { readIfThere } from '../context.mjs';
import { SetupError } from '../errors.mjs';
import { npmCommand, npmEnvironment } from '../npm.mjs';

const POLL_MS = 500;

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {boolean} [dev]
 * @property {boolean} [devOptional]
 * @typedef {Record<string, LockEntry>} LockEntries by path, `node_modules/express` for example
 */

/**
 * The packages that are missing or of another version than the lock file wants. What npm may leave out
 * (optional packages of other systems) is no reason; development packages are one only where wanted.
 * @param {LockEntries} wanted of package-lock.json
 * @param {LockEntries} present of node_modules/.package-lock.json, which npm writes last
 * @param {boolean} development
 */
export function outdated(wanted, present, development) {
  return Object.entries(wanted)
    .filter(([path, entry]) => {
      const installed = present[path];
      if (path === '') return false;
      if (installed)
        return installed.version !== entry.version || installed.integrity !== entry.integrity;
      return !entry.optional && !entry.devOptional && (development || !entry.dev);
    })
    .map(([path]) => path);
}

/**
 * Undefined where there is no such file, or only the beginning of one.
 * @param {string} path
 * @returns {LockEntries | undefined}
 */
function readEntries(path) {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text).packages;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @param {string} root */
function wantedIn(root) {
  const entries = readEntries(join(root, 'package-lock.json'));
  if (!entries)
    throw new SetupError(`${root} has no package-lock.json: the checkout is not complete.`);
  return entries;
}

/** @type {import('../set-up.mjs').Step} */
export const packagesStep = {
  title: 'Packages',
  why: 'running `npm ci`, because node_modules is not what package-lock.json asks for.',
  scope: 'checkout',

  find({ root, tests }) {
    const present = readEntries(join(root, 'node_modules', '.package-lock.json'));
    if (!present || outdated(wantedIn(root), present, tests).length > 0) return undefined;
    return {};
  },

  async run(context, progress) {
    const { root, node, tests } = context;
    const paths = Object.keys(wantedIn(root)).filter(Boolean);
    const timer = setInterval(() => progress.update({ percent: share(root, paths) }), POLL_MS);
    const { command, args } = npmCommand(node);
    // What only tests need is as large again.
    const include = tests ? ['--include=dev'] : ['--omit=dev'];
    try {
      await run(context, command, [...args, 'ci', '--no-audit', '--no-fund', ...include], {
        env: npmEnvironment(),
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(
        `\`npm ci\` failed: ${reasonOf(error.tail) || error.message}. If the npm registry cannot be reached, check the network, the proxy (\`npm config get proxy\`) and \`npm config get registry\`, and start again: what was fetched already is in npm's cache.`,
        error,
      );
    } finally {
      clearInterval(timer);
    }
  },
};

/**
 * The first lines of what npm says that is wrong.
 * @param {string[]} lines
 */
export function reasonOf(lines) {
  const errors = lines.map(
    (line) => /^npm error (?!code\b|errno\b|A complete log)(.*\S)/.exec(line)?.[1],
  );
  return errors
    .filter(Boolean)
    .slice(0, 3)
    .join(' ')
    .replace(/[.\s]+$/, '');
}

/**
 * The percentage of packages that have arrived. Those of other systems never do, so it ends early.
 * @param {string} root
 * @param {string[]} paths
 */
function share(root, paths) {
  const there = paths.filter((path) => existsSync(join(root, path, 'package.json')));
  return (100 * there.length) / paths.length;
}
