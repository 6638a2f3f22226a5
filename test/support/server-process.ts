import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshDatabase } from './databases.ts';
import { freePort } from './free-port.ts';
import { argumentsOf, childrenOf } from './processes.ts';
import { isRecorded, recordLog, recordProcesses, recordSecret } from './run-record.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The first start of all makes the demo, which takes a while on a small machine. */
const READY_WITHIN_MS = 180_000;

export type ServerOptions = {
  /** Files to put on air; the demo where there are none. */
  files?: readonly string[];
  settings?: Record<string, string>;
  /** When it counts as started: listening, or (the default) with something to watch. */
  until?: 'listening' | 'onAir';
};

/** The real server as a process of its own, on loopback ports that it keeps over a restart. */
export class ServerProcess {
  readonly url: string;
  readonly #options: ServerOptions;
  readonly #port: number;
  readonly #database: { DATABASE_URL: string };
  #child: ChildProcess | null = null;
  #output = '';

  private constructor(port: number, database: { DATABASE_URL: string }, options: ServerOptions) {
    this.#port = port;
    this.#database = database;
    this.#options = options;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), await freshDatabase(), options);
    recordSecret('ADMIN_TOKEN', options.settings?.['ADMIN_TOKEN']);
    await server.start();
    return server;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the server does not run');
    return this.#child.pid;
  }

  /** Where the first account is made; undefined until it is said. */
  get setupLink(): string | undefined {
    return /\S+#setup=[\w-]+(?=\s)/.exec(this.#output)?.[0];
  }

  /** Starts again after `stop()` or `kill()`. */
  async start(): Promise<void> {
    const { files = [], settings = {} } = this.#options;
    const child = spawn(process.execPath, ['server/main.ts', ...files], {
      cwd: ROOT,
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        TLS_PORT: '0',
        RTC_PORT: '0',
        WORKERS: '1',
        LOG_LEVEL: isRecorded ? 'debug' : 'warn',
        DATA_DIR: dataFolder(),
        ...this.#database,
        ...settings,
      },
      // The channel's end tells the server that whoever started it is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    // A test that fails on its way must not leave a server behind.
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('exit', () => process.off('exit', killWithUs));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#take(chunk.toString()));
    }
    await this.#started(child);
    recordProcesses();
  }

  #take(text: string): void {
    this.#output += text;
    // The set-up link is said beside the log, to whoever started the server, and is a secret from then on.
    const link = /^.*#setup=([\w-]+).*\n/m;
    recordSecret('a set-up link', link.exec(text)?.[1]);
    recordLog('server', text.replace(link, ''));
  }

  /** As a person stops it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The SFU workers, by process id. */
  workerPids(): number[] {
    const isWorker = (argument: string) => argument.includes('mediasoup');
    return childrenOf(this.pid).filter((pid) => argumentsOf(pid).some(isWorker));
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async #started(child: ChildProcess): Promise<void> {
    const { until = 'onAir' } = this.#options;
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline && child.exitCode === null) {
      const channels = await this.#channels();
      if (channels?.includes('"live":true') || (channels !== null && until === 'listening')) return;
      await sleep(50);
    }
    child.kill('SIGKILL');
    throw new Error(`The server did not start (${until}).\n${this.#output}`);
  }

  async #channels(): Promise<string | null> {
    try {
      return await (await fetch(`${this.url}/api/v1/channels`)).text();
    } catch (error) {
      // Not listening yet. (By its name: jest's tests have a TypeError of their own.)
      if (Reflect.get(Object(error), 'name') === 'TypeError') return null;
      throw error;
    }
  }
}

/** One folder for all runs of one person, so that the demo is made once. */
function dataFolder(): string {
  return join(tmpdir(), `sfumato-browser-tests-${userInfo().username}`);
}
