/** The pages and the player, bundled by vite into dist/client. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CommandError, run } from '../child.mjs';
import { hasCode, readIfThere } from '../context.mjs';
import { SetupError } from '../errors.mjs';

/** What the bundle is made of. */
const INPUTS = ['client', 'signaling', 'vite.config.ts', 'package-lock.json'];
const STAMP = '.made-from';

/**
 * One hash for all the files that the bundle is made of; tests are no part of it.
 * @param {string} root
 * @param {string[]} inputs files and folders
 */
export function hashOf(root, inputs) {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => filesUnder(root, input))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(root, path) {
  if (!existsSync(join(root, path))) return [];
  const entries = readEntries(join(root, path));
  if (!entries) return [path];
  // oxlint-disable-next-line unicorn/no-array-sort -- Node 18 has no toSorted
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries
    .filter(({ name }) => !name.endsWith('.test.ts'))
    .flatMap((entry) => {
      const child = `${path}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(root, child) : [child];
    });
}

/** A folder's entries, or undefined for a file. @param {string} path */
function readEntries(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** @type {import('../set-up.mjs').Step} */
export const clientStep = {
  title: 'Pages',
  why: 'bundling the player and the pages with vite, because dist/client is missing or older than their sources.',
  scope: 'checkout',

  find({ root }) {
    const made = readIfThere(join(root, 'dist', 'client', STAMP));
    return made === hashOf(root, INPUTS) ? {} : undefined;
  },

  async run(context) {
    const { root, node } = context;
    const target = join(root, 'dist', 'client');
    const fresh = `${target}.new`;
    const hash = hashOf(root, INPUTS);
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    try {
      await run(context, node, [
        vite,
        'build',
        '--outDir',
        fresh,
        '--emptyOutDir',
        '--logLevel',
        'warn',
      ]);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`vite could not bundle the pages: ${reasonOf(error.tail)}.`, error);
    }
    writeFileSync(join(fresh, STAMP), hash);
    swap(fresh, target);
  },
};

/**
 * What vite says, without the stack.
 * @param {string[]} lines
 */
function reasonOf(lines) {
  const said = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith('at '));
  return said.slice(0, 5).join(' ');
}

/**
 * Puts the new folder where the old one is, which is gone for a moment only.
 * @param {string} fresh
 * @param {string} target
 */
function swap(fresh, target) {
  const old = `${target}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  mkdirSync(join(target, '..'), { recursive: true });
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}
