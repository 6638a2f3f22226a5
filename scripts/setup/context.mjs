/**
 * What every step of the set-up needs to know: where things are, what the operator has set, which Node
 * runs the rest, and the environment that is handed on to what runs afterwards.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Context
 * @property {string} root the checkout
 * @property {string} cache the project's folder in the user's cache, shared by all checkouts
 * @property {Record<string, string | undefined>} settings the environment, and `.env` where it is silent
 * @property {Record<string, string>} found what the steps found, handed on as environment variables
 * @property {string} node the Node that runs everything but the set-up itself
 * @property {boolean} tests whether what only the tests need is wanted too
 * @property {import('./log.mjs').Log} log where the full output of every command goes
 * @property {AbortSignal} signal aborted when the set-up is interrupted
 * @property {Set<string>} done things that are done once a run, `apt-get update` for example
 */

/** The checkout that this file belongs to. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/**
 * The project's cache folder, by the XDG base directory specification where that is set.
 * @param {Record<string, string | undefined>} env
 * @param {string} home
 */
export function cacheFolder(env, home = homedir()) {
  const base = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(home, '.cache');
  return join(base, 'sfumato');
}

/**
 * The assignments of a `.env` file. Node 18 has no parser of its own for it.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseDotEnv(text) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const [, name = '', raw = ''] = match;
    const quoted = /^(["'`])(.*?)\1/.exec(raw);
    values[name] = quoted ? (quoted[2] ?? '') : raw.replace(/\s*#.*$/, '');
  }
  return values;
}

/** @param {string} folder */
export function readSettings(folder) {
  return { ...parseDotEnv(readIfThere(join(folder, '.env')) ?? ''), ...process.env };
}

/**
 * A file's text, or undefined where there is no such file.
 * @param {string} path
 */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that there is no such file. @param {unknown} error */
export function isMissing(error) {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}

/**
 * Whether an error is one of the system's with one of these codes.
 * @param {unknown} error
 * @param {string[]} codes
 */
export function hasCode(error, ...codes) {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return codes.includes(String(error.code));
}

/**
 * The environment for what runs after (and during) the set-up: the caller's, what was found, and the
 * right Node first on the path, so that `#!/usr/bin/env node` means it too.
 * @param {Pick<Context, 'node' | 'found'>} context
 * @returns {NodeJS.ProcessEnv}
 */
export function environment({ node, found }) {
  const path = process.env.PATH ?? '';
  const foreign = node !== process.execPath;
  return {
    ...process.env,
    ...found,
    PATH: foreign ? `${dirname(node)}${delimiter}${path}` : path,
  };
}
