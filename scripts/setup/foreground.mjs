/** Runs what a command is for, after the set-up: in the foreground, with every signal passed on to it. */
import { spawn } from 'node:child_process';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const PARENT_POLL_MS = 1000;

/**
 * Runs a command on this terminal until it ends.
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {boolean} [options.channel] opens an IPC channel, by whose closing a Node child learns that this
 *   process is gone, whatever way it went
 * @returns {Promise<number>} its exit code, as a shell gives it
 */
export function runInForeground(command, args, { cwd, env, channel = false }) {
  const stdio = /** @type {const} */ (['inherit', 'inherit', 'inherit']);
  const child = spawn(command, args, { cwd, env, stdio: channel ? [...stdio, 'ipc'] : [...stdio] });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  const watch = watchNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}

/**
 * npm passes signals on, but cannot when it is killed outright. Then this process gets another parent.
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && onGone(), PARENT_POLL_MS).unref();
}
