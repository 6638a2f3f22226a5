import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Another process on a test's database; it ends with this one at the latest, if it heeds the end of its stdin.
 *
 * @param script an ES module, which finds the database in the variable DATABASE_AT, as JSON
 */
export function startNode(script: string, at: object): ChildProcess {
  // Not as an argument: it has a password in it.
  const env = { ...process.env, DATABASE_AT: JSON.stringify(at) };
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** As a crash or an operator's `kill -9` would. */
export async function kill(node: ChildProcess): Promise<void> {
  const exited = once(node, 'exit');
  if (node.kill('SIGKILL')) await exited;
}
