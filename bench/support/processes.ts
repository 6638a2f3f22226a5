import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Namespace } from '../link/namespace.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A process of the bench. All of them end when the IPC channel to this one closes. */
export type Helper = {
  readonly pid: number;
  /** Sends a message and waits for the answer; one at a time. */
  ask(message: object): Promise<unknown>;
  end(): Promise<void>;
};

/**
 * Runs a TypeScript file of the project as a process of its own, so that its CPU time is counted
 * apart.
 *
 * @param namespace the network that it is to be in; this one's by default
 */
export async function forkHelper(
  file: string,
  args: string[],
  env: Record<string, string> = {},
  namespace?: Namespace,
): Promise<Helper> {
  const child = forkFile(file, args, env, namespace);
  await nextMessage(child, file);
  return {
    pid: child.pid ?? 0,
    ask(message) {
      const reply = nextMessage(child, file);
      child.send(message);
      return reply;
    },
    end: () => endOf(child),
  };
}

export function forkFile(
  file: string,
  args: string[],
  env: Record<string, string>,
  namespace?: Namespace,
): ChildProcess {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  const [execPath, ...execArgv] = namespace?.command(node) ?? node;
  return fork(resolve(ROOT, file), args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    execPath,
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  const undo = new AbortController();
  const { signal } = undo;
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${file} ended with code ${code}.`);
      }),
    ]);
    if (typeof message === 'object' && message !== null && 'failed' in message) {
      throw new Error(`${file}: ${String(message.failed)}`);
    }
    return message;
  } finally {
    undo.abort();
  }
}

export async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/**
 * The other end: answers each message of the starting process, and says first that it is there.
 *
 * @param onEnd closes what must not outlive the process
 */
export function answer(
  handle: (message: unknown) => Promise<object>,
  onEnd: () => Promise<void>,
): void {
  const say = (message: object) => process.send?.(message);
  process.on('message', (message) => {
    handle(message).then(say, (error: unknown) => say({ failed: String(error) }));
  });
  const end = () => {
    onEnd().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('disconnect', end);
  process.once('SIGTERM', end);
  say({ ready: true });
}
