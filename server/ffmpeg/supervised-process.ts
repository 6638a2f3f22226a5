import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * A child cannot be trusted to notice that its parent is gone, and a parent that is killed cannot
 * say so. The shell stands between them and holds the reading end of a pipe (descriptor 3) whose
 * writing end only the parent has: whatever way the parent ends, the pipe closes and the child is
 * killed. POSIX sh, so no system needs more. `nice` keeps media work from delaying media that flows.
 * The first argument is how nice.
 */
const SUPERVISOR = `
exec 6<&0
niceness=$1
shift
nice -n "$niceness" "$@" 0<&6 3<&- 6<&- &
child=$!
exec 6<&- 4>&- 5>&-
( read -r nothing <&3; kill -9 "$child" ) </dev/null >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

/** Work that nobody waits for. */
const BACKGROUND = 10;

export type SupervisedProcess = {
  stdin: Writable | null;
  stdout: Readable;
  stderr: Readable;
  /** What the program writes to descriptor 4: ffmpeg's `-progress pipe:4`. */
  progress: Readable;
  /** Resolves when the program and its pipes have ended. */
  ended: Promise<number>;
  /** Kills the program at once. More calls do nothing. */
  kill(): void;
};

export function spawnSupervised(
  command: string,
  args: readonly string[],
  { input, niceness = BACKGROUND }: { input: boolean; niceness?: number | undefined },
): SupervisedProcess {
  const supervised = [String(niceness), command, ...args];
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'supervisor', ...supervised], {
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C on the terminal is the server's to handle.
    detached: true,
  });
  return { ...pipes(child), ended: exitOf(child), kill: () => child.stdio[3]?.destroy() };
}

function pipes(child: ChildProcess) {
  const { stdin, stdout, stderr, stdio } = child;
  const [, , , lifeline, progress] = stdio;
  if (!stdout || !stderr || !lifeline || !progress || !('read' in progress)) {
    throw new Error('A child process was started without its pipes.');
  }
  // The watcher never writes, and a reset at its end is its ordinary end.
  lifeline.on('error', () => lifeline.destroy());
  return { stdin, stdout, stderr, progress };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 137));
  });
}
