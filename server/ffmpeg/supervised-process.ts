import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * A child cannot be trusted to notice that its parent is gone, and a parent that is killed cannot
 * say so. The shell stands between them and holds the reading end of a pipe (descriptor 3) whose
 * writing end only the parent has: whatever way the parent ends, the pipe closes and the child is
 * killed. POSIX sh, so no system needs more. `nice` keeps media work from delaying media that flows.
 *
 * The first arguments are how nice, and what `ulimit` allows: KB of memory, 512-byte blocks of a file. A shell
 * that does not know one of them (macOS has no limit of memory) goes on without it.
 */
const SUPERVISOR = `
exec 6<&0
niceness=$1 memory=$2 blocks=$3
shift 3
(
  ulimit -v "$memory" 2>/dev/null
  ulimit -f "$blocks" 2>/dev/null
  exec nice -n "$niceness" "$@" 0<&6 3<&- 6<&-
) &
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

/** What a process may take. What is not named is not limited. */
export type ProcessLimits = {
  /** Of address space, which is a little more than what is really used. */
  memoryBytes?: number | undefined;
  /** Of each file that it writes. */
  fileBytes?: number | undefined;
};

export type SupervisedOptions = {
  input: boolean;
  niceness?: number | undefined;
  limits?: ProcessLimits | undefined;
  /** Where relative names of files are looked for. */
  folder?: string | undefined;
};

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
  { input, niceness = BACKGROUND, limits = {}, folder }: SupervisedOptions,
): SupervisedProcess {
  const supervised = [String(niceness), ...limitWords(limits), command, ...args];
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'supervisor', ...supervised], {
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C on the terminal is the server's to handle.
    detached: true,
    ...(folder !== undefined && { cwd: folder }),
  });
  return { ...pipes(child), ended: exitOf(child), kill: () => child.stdio[3]?.destroy() };
}

function limitWords({ memoryBytes, fileBytes }: ProcessLimits): string[] {
  const units = (bytes: number | undefined, unit: number) =>
    bytes === undefined ? 'unlimited' : String(Math.ceil(bytes / unit));
  return [units(memoryBytes, 1024), units(fileBytes, 512)];
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
