import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Programs } from './programs.ts';

/** `auto`: as root plainly, as anybody else by a user namespace in which that person is root. */
export type Privileges = 'auto' | 'userNamespace';

/** Says that it is inside, then stays until its stdin ends: with us, however we end. */
const HOLD = ['sh', '-c', 'echo inside && exec cat >/dev/null'];

/**
 * A network namespace that has no name anywhere: it lives as long as a process of ours that does nothing
 * else, which ends when our end of its stdin is gone, and as long as what runs in it.
 */
export class Namespace {
  readonly #holder: ChildProcess;
  readonly #pid: number;
  readonly #programs: Programs;
  readonly #userNamespace: boolean;

  private constructor(
    holder: ChildProcess,
    pid: number,
    programs: Programs,
    userNamespace: boolean,
  ) {
    this.#holder = holder;
    this.#pid = pid;
    this.#programs = programs;
    this.#userNamespace = userNamespace;
  }

  /** @throws {Error} with the kernel's reason where it lets this person make none */
  static async create(programs: Programs, privileges: Privileges = 'auto'): Promise<Namespace> {
    const plain = privileges === 'auto' && process.getuid?.() === 0;
    const own = plain ? [] : ['--user', '--map-root-user'];
    const { holder, pid } = await hold([programs.unshare, ...own, '--net', ...HOLD]);
    return new Namespace(holder, pid, programs, !plain);
  }

  /** Another one beside it, under the same user namespace, so that links between the two can be made. */
  async createSibling(): Promise<Namespace> {
    const command = this.command([this.#programs.unshare, '--net', ...HOLD]);
    const { holder, pid } = await hold(command);
    return new Namespace(holder, pid, this.#programs, this.#userNamespace);
  }

  /** A process in it, by which the kernel's tools name it. */
  get pid(): number {
    return this.#pid;
  }

  /**
   * The command that runs this one inside. Nothing is put between: the process that is started becomes
   * the command, with its environment, folder, descriptors and process id.
   */
  command(command: readonly string[]): string[] {
    const user = this.#userNamespace ? ['--user', '--preserve-credentials'] : [];
    return [
      this.#programs.nsenter,
      '--target',
      String(this.#pid),
      ...user,
      '--net',
      '--',
      ...command,
    ];
  }

  /** Idempotent. What still runs inside keeps the namespace. */
  async close(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const exited = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await exited;
  }
}

/** `unshare` and `nsenter` become what they run, so the child's process id is the holder's. */
async function hold([command = '', ...args]: readonly string[]) {
  const holder = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  holder.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const inside = once(holder.stdout, 'data');
  const ended = once(holder, 'exit').then(() => {
    throw new Error(`No network namespace can be made here. ${complaint.trim()}`);
  });
  await Promise.race([inside, ended]);
  ended.catch(() => undefined);
  if (holder.pid === undefined) throw new Error('The holder of a namespace has no process id.');
  return { holder, pid: holder.pid };
}
