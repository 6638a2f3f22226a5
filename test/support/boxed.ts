import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import type { Namespace } from '../../bench/link/namespace.ts';
import { CHROMIUM_PATH, FAKE_DEVICES, launchChromium } from './chromium.ts';
import { ADMIN_TOKEN } from './going-live.ts';
import { recordLog, recordProcesses, recordSecret } from './run-record.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** A network namespace has every port to itself. */
const PORT = 8080;
const READY_WITHIN_MS = 60_000;

const execute = promisify(execFile);
/** Run by a process of its own inside: makes the request that is in its environment, and prints the answer. */
const ASK = `const { url, ...init } = JSON.parse(process.env.REQUEST);
  fetch(url, init).then((answer) => answer.text()).then((text) => process.stdout.write(text));`;

const keySchema = z.object({ streamKey: z.string() });

/** The real server, in a network namespace, with nothing on it but the files that it is given. */
export class BoxedServer {
  readonly port = PORT;
  readonly #namespace: Namespace;
  readonly #child: ChildProcess;
  #output = '';

  private constructor(
    namespace: Namespace,
    dataFolder: string,
    files: readonly string[],
    settings: Record<string, string>,
  ) {
    this.#namespace = namespace;
    const [command = '', ...args] = namespace.command([
      process.execPath,
      'server/main.ts',
      ...files,
    ]);
    this.#child = spawn(command, args, {
      cwd: ROOT,
      env: {
        ...process.env,
        // No address is announced: those of its interfaces are, one for each client.
        HOST: '0.0.0.0',
        PORT: String(PORT),
        WORKERS: '1',
        LOG_LEVEL: 'info',
        DATA_DIR: dataFolder,
        DEMO: 'off',
        ADMIN_TOKEN,
        // A database server outside cannot be reached from inside.
        DATABASE_URL: '',
        ...settings,
      },
      // The channel's end tells the server that whoever started it is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#take(chunk.toString()));
    }
  }

  static async start(
    namespace: Namespace,
    dataFolder: string,
    files: readonly string[] = [],
    settings: Record<string, string> = {},
  ): Promise<BoxedServer> {
    const server = new BoxedServer(namespace, dataFolder, files, settings);
    recordSecret('ADMIN_TOKEN', ADMIN_TOKEN);
    await server.#listening();
    recordProcesses();
    return server;
  }

  /** Makes a Channel. @returns its stream key */
  async createChannel(id: string, title: string): Promise<string> {
    const answer = await this.ask('POST', '/api/v1/channels', { id, title });
    const { streamKey } = keySchema.parse(JSON.parse(answer));
    recordSecret(`the stream key of ${id}`, streamKey);
    return streamKey;
  }

  /** Asks its API from inside its namespace, so that a cut link is no obstacle. @returns the answer's text */
  async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
    const request = {
      url: `http://127.0.0.1:${PORT}${path}`,
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const [command = '', ...args] = this.#namespace.command([process.execPath, '--eval', ASK]);
    // In the environment and not on the command line, which everybody on the machine can read.
    const env = { ...process.env, REQUEST: JSON.stringify(request) };
    const { stdout } = await execute(command, args, { env });
    return stdout;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  #take(text: string): void {
    this.#output += text;
    recordLog('server', text);
  }

  async #listening(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!this.#output.includes('Sfumato listens')) {
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        await this.stop();
        throw new Error(`The server did not start.\n${this.#output}`);
      }
      await sleep(50);
    }
  }
}

export type BoxedChromium = {
  browser: Browser;
  /** The server's, as it is reached from there. */
  url: string;
};

/** A Chromium in a network namespace, to which the server's plain HTTP address is as good as HTTPS. */
export async function launchBoxedChromium(
  namespace: Namespace,
  serverAddress: string,
  folder: string,
): Promise<BoxedChromium> {
  const url = `http://${serverAddress}:${PORT}`;
  const wrapper = join(folder, `chromium-in-${namespace.pid}`);
  const command = namespace.command([CHROMIUM_PATH]).map(quote).join(' ');
  await writeFile(wrapper, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  // Without it, pages of a plain HTTP address are given no camera.
  const secure = `--unsafely-treat-insecure-origin-as-secure=${url}`;
  return { browser: await launchChromium('allowed', [...FAKE_DEVICES, secure], wrapper), url };
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
