import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { recordSecret } from './run-record.ts';

const READY_WITHIN_MS = 30_000;
/** Looked for in the log of the servers that use it. */
export const POSTGRES_PASSWORD = 'only-this-test-knows-it';

export interface TestPostgres {
  /** A new, empty database. */
  createDatabase(): Promise<string>;
  close(): Promise<void>;
}

/** A PostgreSQL of its own on loopback, whose data goes with it. It dies with the process that started it. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = findBin();
  const folder = mkdtempSync(join(tmpdir(), 'sfumato-postgres-'));
  const port = await freePort();
  initialise(bin, folder);
  recordSecret('the password of PostgreSQL', POSTGRES_PASSWORD);
  const server = start(bin, folder, port);
  const url = (name: string) => `postgres://tester:${POSTGRES_PASSWORD}@127.0.0.1:${port}/${name}`;
  await ready(server, url('postgres'));
  let count = 0;
  return {
    async createDatabase() {
      count += 1;
      await queryPostgres(url('postgres'), `create database test${count}`);
      return url(`test${count}`);
    },
    async close() {
      server.ref();
      const exited = once(server, 'exit');
      if (server.kill('SIGQUIT')) await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findBin(): string {
  const named = process.env['POSTGRES_BIN'];
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted().toReversed() : [];
  const folders = named ? [named] : versions.map((version) => join(debian, version, 'bin'));
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined)
    throw new Error('There is no PostgreSQL: run `npm run setup -- --tests`.');
  return found;
}

/** PostgreSQL refuses to run as root: then it runs as a user that owns nothing else. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^(?:postgres|nobody):[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (line === null) throw new Error('There is no user postgres and none called nobody.');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

function initialise(bin: string, folder: string): void {
  const user = unprivileged();
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, POSTGRES_PASSWORD);
  if (user !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const args = [
    '-D',
    join(folder, 'data'),
    '-U',
    'tester',
    '-A',
    'scram-sha-256',
    '-N',
    '-E',
    'UTF8',
  ];
  const { status, stderr } = spawnSync(
    join(bin, 'initdb'),
    [...args, '--locale=C', `--pwfile=${passwordFile}`],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb: ${stderr}`);
}

function start(bin: string, folder: string, port: number): ChildProcess {
  const user = unprivileged();
  const identity =
    user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  // Nothing here outlives the test, so nothing waits for the disk.
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=127.0.0.1',
    'shared_buffers=16MB',
  ];
  const server = spawn(
    'setpriv',
    [
      ...identity,
      '--pdeathsig=QUIT',
      join(bin, 'postgres'),
      ...['-D', join(folder, 'data'), '-p', String(port), '-k', folder],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  // A test that fails before it closes this does not keep the whole run from ending.
  server.unref();
  return server;
}

async function ready(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (server.exitCode === null) {
    try {
      return await queryPostgres(url, 'select 1');
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
  throw new Error(`PostgreSQL ended with ${server.exitCode}`);
}

/** One statement. */
export async function queryPostgres(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
