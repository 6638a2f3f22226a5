import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Namespace } from '../../bench/link/namespace.ts';
import { PATIENCE_MS } from './patience.ts';
import { recordLog, recordSecret } from './run-record.ts';

/** What docs/deploy.md tells people to use. */
const CONFIGURATION = resolve(import.meta.dirname, '../../docs/turnserver.conf');
const ASKING = join(import.meta.dirname, 'turn-asking.ts');
export const TURN_PORT = 3478;
/** A namespace has its sockets to itself: one port of each kind is enough to listen on. */
const LISTENS = /IPv4\. UDP listener opened on|Relay address to use|IO method \(auth thread\)/;

export const COTURN = ['/usr/bin/turnserver', '/usr/local/bin/turnserver'].find(existsSync);

const execute = promisify(execFile);
const askedSchema = z.object({
  allocations: z.array(z.union([z.literal('ok'), z.number()])),
  permissions: z.record(z.string(), z.union([z.literal('ok'), z.number()])),
});

export interface CoturnOptions {
  namespace: Namespace;
  folder: string;
  /** Where it is, in its namespace. */
  address: string;
  /** Whom it may relay to, whatever else it refuses. */
  allowedPeer: string;
  secret: string;
}

/** A real coturn, with the configuration of the documentation. */
export class Coturn {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
        recordLog('server', chunk.toString());
      });
    }
  }

  static async start(options: CoturnOptions): Promise<Coturn> {
    recordSecret('TURN_SECRET', options.secret);
    const file = join(options.folder, 'turnserver.conf');
    await writeFile(file, await configurationFor(options), { mode: 0o600 });
    const command = options.namespace.command([COTURN ?? 'turnserver', '-c', file]);
    const [program = '', ...args] = command;
    const child = spawn(program, args, { cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('exit', () => process.off('exit', killWithUs));
    const coturn = new Coturn(child);
    await coturn.#listening();
    return coturn;
  }

  get output(): string {
    return this.#output;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }

  async #listening(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!LISTENS.test(this.#output)) {
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        await this.stop();
        throw new Error(`coturn did not start.\n${this.#output}`);
      }
      await sleep(20);
    }
  }
}

/** The documentation's, with what a person has to change changed, and with files in the test's own folder. */
async function configurationFor({ address, allowedPeer, secret, folder }: CoturnOptions) {
  const changed: Record<string, string> = {
    'static-auth-secret': secret,
    realm: 'relay.test',
    'external-ip': address,
    'allowed-peer-ip': allowedPeer,
  };
  let text = await readFile(CONFIGURATION, 'utf8');
  for (const [name, value] of Object.entries(changed)) {
    const line = new RegExp(`^${name}=.*$`, 'm');
    if (!line.test(text)) throw new Error(`docs/turnserver.conf has no ${name}`);
    text = text.replace(line, `${name}=${value}`);
  }
  const own = [
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    `pidfile=${join(folder, 'coturn.pid')}`,
    `userdb=${join(folder, 'coturn.db')}`,
    'log-file=stdout',
    'verbose',
  ];
  return `${text}\n${own.join('\n')}\n`;
}

export interface TurnQuestion {
  address: string;
  username: string;
  password: string;
  peers?: readonly string[];
  allocations?: number;
}

/** Asks it from inside a namespace, as a stranger with these credentials would. */
export async function askTurn(from: Namespace, question: TurnQuestion) {
  const [program = '', ...args] = from.command([process.execPath, ASKING]);
  const asked = { port: TURN_PORT, peers: [], ...question };
  // In the environment: command lines can be read by everybody on the machine.
  const env = { ...process.env, ASK: JSON.stringify(asked) };
  const { stdout } = await execute(program, args, { env });
  return askedSchema.parse(JSON.parse(stdout));
}
