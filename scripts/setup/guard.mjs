/**
 * Runs a command and ends it, with all that it has started, when the set-up that wanted it is gone.
 *
 * A child process outlives a parent that is killed. So this guard leads a process group of its own and
 * watches its stdin, which closes whatever way the parent ends.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const GRACE_MS = 2000;
const [command = '', ...args] = process.argv.slice(2);
let ending = false;
// The fourth is for progress that a command reports on a descriptor of its own, as apt does.
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'inherit'] });

// The group's own signal must not end the guard before the grace is over.
process.on('SIGTERM', () => endGroup());
process.on('SIGINT', () => endGroup());
process.stdin.on('end', () => endGroup()).on('error', () => endGroup());
process.stdin.resume();

child.on('error', (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => {
  // What the command has started and left behind goes with it, and the guard too.
  if (ending) signalGroup('SIGKILL');
  process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0));
});

function endGroup() {
  if (ending) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS);
}

/** @param {NodeJS.Signals} signal */
function signalGroup(signal) {
  // Windows has no process groups: there the command alone is ended.
  if (process.platform === 'win32') child.kill(signal);
  else process.kill(-process.pid, signal);
}
