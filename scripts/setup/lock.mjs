/**
 * A lock between processes, so that two checkouts do not build the same thing at once.
 *
 * A lock is a folder (making one is atomic) with its owner's name in it. The owner touches it while it
 * lives. A lock whose owner is gone, or does not touch it any more, is taken over.
 */
import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, isMissing, readIfThere } from './context.mjs';
import { Interrupted } from './errors.mjs';

const TOUCH_MS = 5000;
const STALE_MS = 30_000;
const POLL_MS = 300;

/**
 * Whether a lock may be taken over.
 * @param {{ host: string, pid: number } | undefined} owner
 * @param {number} untouchedMs how long the one who waits has seen nobody touch it
 * @param {string} host this machine
 * @param {(pid: number) => boolean} lives
 */
export function isStale(owner, untouchedMs, host, lives) {
  if (untouchedMs > STALE_MS) return true;
  return owner !== undefined && owner.host === host && !lives(owner.pid);
}

/**
 * Does some work while holding the lock.
 * @template T
 * @param {string} path the lock's folder
 * @param {AbortSignal} signal ends the waiting
 * @param {(pid: number | undefined) => void} onWait told once who holds the lock, if it must be waited for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, signal, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  if (!take(path)) await waitFor(path, signal, onWait);
  const touch = setInterval(() => touchIfThere(path), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(path, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 * @param {(pid: number | undefined) => void} onWait
 */
async function waitFor(path, signal, onWait) {
  onWait(readOwner(path).owner?.pid);
  let touchedAt = touchedMs(path);
  let seenAt = performance.now();
  while (!take(path)) {
    if (signal.aborted) throw new Interrupted();
    const latest = touchedMs(path);
    if (latest !== touchedAt) seenAt = performance.now();
    touchedAt = latest;
    const { text, owner } = readOwner(path);
    // The monotonic clock stands still while the machine sleeps, and so does the owner.
    if (isStale(owner, performance.now() - seenAt, hostname(), processLives)) remove(path, text);
    else await sleep(POLL_MS);
  }
}

/** @param {string} path */
function take(path) {
  try {
    mkdirSync(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  writeFileSync(join(path, 'owner.json'), JSON.stringify({ host: hostname(), pid: process.pid }));
  return true;
}

/**
 * Moved away first: of two processes that see the same stale lock only one removes it, and the other
 * puts back what is not the lock that it has judged.
 * @param {string} path
 * @param {string | undefined} judged
 */
function remove(path, judged) {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
    if (readOwner(aside).text !== judged) return renameSync(aside, path);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** @param {string} path @returns {{ text?: string | undefined, owner?: { host: string, pid: number } }} */
function readOwner(path) {
  const text = readIfThere(join(path, 'owner.json'));
  if (!text) return { text };
  try {
    const { host, pid } = JSON.parse(text);
    return { text, owner: { host: String(host), pid: Number(pid) } };
  } catch (error) {
    // Half written: its owner has only just taken it.
    if (error instanceof SyntaxError) return { text };
    throw error;
  }
}

/** @param {string} path */
function touchedMs(path) {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** @param {string} path */
function touchIfThere(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** @param {number} pid */
function processLives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is another user's.
    return hasCode(error, 'EPERM');
  }
}
