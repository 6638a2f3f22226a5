/** The commands that the set-up runs: logged in full, ended with it, and read line by line for progress. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { environment } from './context.mjs';
import { Interrupted } from './errors.mjs';

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));
const TAIL_LINES = 500;

/** A command of the set-up that failed or took too long. */
export class CommandError extends Error {
  /** @param {string} message @param {string[]} tail its last lines of output */
  constructor(message, tail) {
    super(message);
    this.name = 'CommandError';
    this.tail = tail;
  }
}

/**
 * Runs a command to its end.
 * @param {import('./context.mjs').Context} context
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] on top of the environment that the set-up hands on
 * @param {string} [options.cwd] the checkout where nothing is said
 * @param {number} [options.timeoutMs] ends the command after so many milliseconds
 * @param {(line: string) => void} [options.onLine] gets each line of stdout, stderr and descriptor 3
 * @throws {CommandError} when it ends with anything but 0, or not in time
 * @throws {Interrupted} when the set-up is interrupted
 */
export async function run(context, command, args, options = {}) {
  const { log, signal } = context;
  const { env = {}, cwd = context.root, timeoutMs, onLine } = options;
  if (signal.aborted) throw new Interrupted();
  log.write(`\n$ ${[command, ...args].join(' ')}\n`);
  const child = spawn(process.execPath, [GUARD, command, ...args], {
    cwd,
    env: { ...environment(context), ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // The guard reads the end of its stdin as "the set-up is gone".
  const end = () => child.stdin?.end();
  signal.addEventListener('abort', end, { once: true });
  let late = false;
  const timer = timeoutMs && setTimeout(() => ((late = true), end()), timeoutMs);
  const tail = followOutput(child, log, onLine);
  const code = await exitCode(child);
  if (timer) clearTimeout(timer);
  signal.removeEventListener('abort', end);
  if (signal.aborted) throw new Interrupted();
  if (late) throw new CommandError(`${command} did not end within ${timeoutMs} ms`, tail);
  if (code !== 0) throw new CommandError(`${command} ended with code ${code}`, tail);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {import('./log.mjs').Log} log
 * @param {((line: string) => void) | undefined} onLine
 */
function followOutput(child, log, onLine) {
  /** @type {string[]} */
  const tail = [];
  for (const input of child.stdio.slice(1)) {
    if (!(input instanceof Readable)) continue;
    createInterface({ input }).on('line', (line) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  }
  return tail;
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
