/**
 * Remembers that a program was started and did what is wanted of it, so that the next run need not start
 * it again. A program that has changed since (size or time) must prove itself anew.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasCode, isMissing, readIfThere } from './context.mjs';

/**
 * @param {string} cache the project's cache folder
 * @param {string} path the program
 * @param {string} purpose what it was tried for
 */
export function isProven(cache, path, purpose) {
  const identity = identify(path);
  return identity !== undefined && readIfThere(proofFile(cache, path, purpose)) === identity;
}

/** @param {string} cache @param {string} path @param {string} purpose */
export function recordProof(cache, path, purpose) {
  const identity = identify(path);
  if (identity === undefined) throw new Error(`${path} is not there any more`);
  const file = proofFile(cache, path, purpose);
  mkdirSync(join(cache, 'proofs'), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, identity);
  renameSync(`${file}.${process.pid}`, file);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (isMissing(error) || hasCode(error, 'EACCES', 'EPERM', 'ELOOP')) return false;
    throw error;
  }
}

/**
 * The first of some programs that is on the search path.
 * @param {string[]} names
 * @param {string} searchPath
 */
export function findOnPath(names, searchPath = process.env.PATH ?? '') {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const name of names) {
    for (const folder of searchPath.split(delimiter)) {
      const path = join(folder, name + suffix);
      if (folder && isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** @param {string} path */
function identify(path) {
  try {
    const { size, mtimeMs } = statSync(path);
    return JSON.stringify({ path, size, mtimeMs });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** @param {string} cache @param {string} path @param {string} purpose */
function proofFile(cache, path, purpose) {
  const key = createHash('sha256').update(`${purpose}\0${path}`).digest('hex').slice(0, 24);
  return join(cache, 'proofs', `${key}.json`);
}
